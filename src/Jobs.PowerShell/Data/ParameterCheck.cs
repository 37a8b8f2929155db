using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Data;

/// <summary>
/// Compares what a job is given with what its handler declares, when the job is scheduled and not when it fails at night. Only what is certain is
/// an error: the handler's own binding has the last word.
/// </summary>
internal static class ParameterCheck
{
    /// <summary>Checks the one argument; <paramref name="given"/> tells null from none.</summary>
    /// <exception cref="HandlerException">MissingParameter, ParameterNotConvertible.</exception>
    public static void Check(ScriptHandler handler, object? data, bool given)
    {
        if (!given)
        {
            Missing(handler, []);
            return;
        }
        if (handler.Command is not null || handler.Parameters.Count == 0 || handler.HasDynamicParameters || handler.ParameterSets.Count > 1) return;
        // The engine fills positions in this order where none is given.
        var first = handler.Parameters[0];
        if (handler.Parameters.All(parameter => parameter.Attributes.OfType<ParameterAttribute>().All(attribute => attribute.Position == int.MinValue)))
        {
            Convertible(handler, first, data);
            Missing(handler, [first]);
        }
    }

    /// <summary>Checks named parameters.</summary>
    /// <exception cref="HandlerException">UnknownParameter, MissingParameter, ParameterNotConvertible.</exception>
    public static void Check(ScriptHandler handler, IDictionary parameters)
    {
        var bound = new List<HandlerParameter>();
        foreach (DictionaryEntry entry in parameters)
        {
            var name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (Find(handler, name) is { } parameter)
            {
                bound.Add(parameter);
                Convertible(handler, parameter, entry.Value);
            }
            else if (!handler.HasDynamicParameters && !(handler.IsAdvanced && DeclaredParameters.IsCommon(name)))
            {
                var known = handler.Parameters.Count == 0 ? "it has none" : "it has " + string.Join(", ", handler.Parameters.Select(other => "-" + other.Name));
                throw new HandlerException("UnknownParameter", ErrorCategory.InvalidArgument, $"Job type '{handler.Name}' has no parameter '{name}': {known}.", name);
            }
        }
        Missing(handler, bound);
    }

    /// <summary>The handler's parameters as <c>New-ScheduledJob</c>'s own, to be named, checked and completed at the prompt.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="parameterSet">The set they belong to; null: all.</param>
    /// <param name="taken">Names that are the cmdlet's own and so left out.</param>
    public static RuntimeDefinedParameterDictionary Dynamic(ScriptHandler handler, string? parameterSet, Func<string, bool> taken)
    {
        var dictionary = new RuntimeDefinedParameterDictionary();
        foreach (var parameter in handler.Parameters)
        {
            if (taken(parameter.Name)) continue;
            // By property name, so that a script block can be given for each object of the pipeline, too.
            var place = new ParameterAttribute { Mandatory = handler.ParameterSets.All(parameter.IsMandatoryIn), ValueFromPipelineByPropertyName = true };
            if (parameter.Attributes.OfType<ParameterAttribute>().Select(attribute => attribute.HelpMessage).FirstOrDefault(message => !string.IsNullOrEmpty(message)) is { } help) place.HelpMessage = help;
            if (parameterSet is not null) place.ParameterSetName = parameterSet;
            var attributes = new Collection<Attribute> { place };
            foreach (var attribute in parameter.Attributes)
                if (attribute is not ParameterAttribute && !(attribute is AliasAttribute aliases && aliases.AliasNames.Any(taken))) attributes.Add(attribute);
            dictionary[parameter.Name] = new RuntimeDefinedParameter(parameter.Name, parameter.Type, attributes);
        }
        return dictionary;
    }

    /// <summary>By name or alias, or the beginning of one that no other shares.</summary>
    private static HandlerParameter? Find(ScriptHandler handler, string name)
    {
        if (handler.Parameters.FirstOrDefault(parameter => parameter.IsNamed(name)) is { } exact) return exact;
        var begun = handler.Parameters.Where(parameter => parameter.Aliases.Prepend(parameter.Name).Any(full => full.StartsWith(name, StringComparison.OrdinalIgnoreCase))).Take(2).ToList();
        return begun.Count == 1 && name.Length > 0 ? begun[0] : null;
    }

    /// <summary>Mandatory parameters must be there: those of one of the sets that what is given belongs to.</summary>
    private static void Missing(ScriptHandler handler, IReadOnlyCollection<HandlerParameter> bound)
    {
        var possible = handler.ParameterSets.Where(set => bound.All(parameter => parameter.IsIn(set))).ToList();
        if (possible.Count == 0)
        {
            if (handler.HasDynamicParameters) return;
            throw new HandlerException("ParameterSetNotFound", ErrorCategory.InvalidArgument,
                $"Job type '{handler.Name}' can't be given {string.Join(", ", bound.Select(parameter => "-" + parameter.Name))} together: they belong to different parameter sets.", handler.Name);
        }
        var missing = possible.ConvertAll(set => handler.Parameters.Where(parameter => parameter.IsMandatoryIn(set) && !bound.Contains(parameter)).ToList());
        if (missing.Exists(set => set.Count == 0)) return;
        var choices = missing.Select(set => string.Join(" and ", set.Select(parameter => $"'{parameter.Name}' [{parameter.Type.Name}]"))).Distinct();
        throw new HandlerException("MissingParameter", ErrorCategory.InvalidArgument,
            $"Job type '{handler.Name}' needs a value for its parameter {string.Join(", or for ", choices)}.", missing[0][0].Name);
    }

    private static void Convertible(ScriptHandler handler, HandlerParameter parameter, object? value)
    {
        foreach (var attribute in parameter.Attributes)
        {
            if (attribute is ArgumentTransformationAttribute) return;
            if (attribute is ValidateSetAttribute { ValidValues: var allowed } && LanguagePrimitives.TryConvertTo<string>(value, out var text)
                && value is not null and not IList && !allowed.Contains(text, StringComparer.OrdinalIgnoreCase))
                throw Not(handler, parameter, value, "one of " + string.Join(", ", allowed));
        }
        // What the binder makes of these is another matter than a conversion.
        if (value is null || parameter.Type == typeof(object) || parameter.Type == typeof(ScriptBlock) || parameter.Type == typeof(SecureString) || parameter.Type == typeof(PSCredential)) return;
        var type = parameter.Type == typeof(SwitchParameter) ? typeof(bool) : parameter.Type;
        if (!LanguagePrimitives.TryConvertTo(value, type, CultureInfo.InvariantCulture, out _)) throw Not(handler, parameter, value, $"[{type.Name}]");
    }

    private static HandlerException Not(ScriptHandler handler, HandlerParameter parameter, object value, string expected) => new("ParameterNotConvertible", ErrorCategory.InvalidArgument,
        $"Job type '{handler.Name}' can't take {Show(value)} for its parameter '{parameter.Name}': {expected} is expected.", parameter.Name);

    private static string Show(object value)
    {
        var text = LanguagePrimitives.TryConvertTo<string>(value, CultureInfo.InvariantCulture, out var shown) ? shown : value.GetType().Name;
        return text.Length <= 80 ? $"'{text}'" : $"'{text.AsSpan(0, 80)}…'";
    }
}
