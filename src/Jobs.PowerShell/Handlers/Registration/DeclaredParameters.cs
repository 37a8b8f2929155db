using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>Reads a handler's parameters, from its text or from a command.</summary>
internal static class DeclaredParameters
{
    public static IReadOnlyList<HandlerParameter> Of(ScriptBlockAst script) =>
        [.. (script.ParamBlock?.Parameters ?? (IReadOnlyCollection<ParameterAst>)[]).Select(Of)];

    public static IReadOnlyList<HandlerParameter> Of(CommandInfo command)
    {
        try
        {
            return [.. command.Parameters.Values.Where(parameter => !IsCommon(parameter.Name)).Select(parameter => new HandlerParameter(
                parameter.Name,
                parameter.ParameterType ?? typeof(object),
                parameter.ParameterSets.ToDictionary(set => set.Key, set => set.Value.IsMandatory, StringComparer.OrdinalIgnoreCase),
                parameter.Attributes))];
        }
        catch (Exception e) when (e is RuntimeException or InvalidOperationException)
        {
            // A command whose own types can't be loaded here may still run elsewhere.
            return [];
        }
    }

    /// <summary>The set that holds where nothing tells which; null when none is named.</summary>
    public static string? DefaultSet(ScriptBlockAst script) =>
        script.ParamBlock?.Attributes.Select(Make).OfType<CmdletBindingAttribute>().FirstOrDefault()?.DefaultParameterSetName;

    public static string? DefaultSet(CommandInfo command) => command switch
    {
        CmdletInfo cmdlet => cmdlet.DefaultParameterSet,
        FunctionInfo function => function.DefaultParameterSet,
        _ => null,
    };

    /// <summary>The names of all sets; where none is declared, the one that stands for all.</summary>
    public static IReadOnlyList<string> Sets(IEnumerable<HandlerParameter> parameters, string? defaultSet)
    {
        var named = parameters.SelectMany(parameter => parameter.Sets.Keys).Append(defaultSet ?? "")
            .Where(set => set is not ("" or ParameterAttribute.AllParameterSets)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return named.Count > 0 ? named : [ParameterAttribute.AllParameterSets];
    }

    public static bool IsCommon(string name) => Cmdlet.CommonParameters.Contains(name) || Cmdlet.OptionalCommonParameters.Contains(name);

    private static HandlerParameter Of(ParameterAst parameter)
    {
        var attributes = new Collection<Attribute>();
        foreach (var ast in parameter.Attributes.OfType<AttributeAst>())
            if (Make(ast) is { } attribute) attributes.Add(attribute);
        var sets = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        foreach (var place in attributes.OfType<ParameterAttribute>().DefaultIfEmpty(new ParameterAttribute()))
            sets[place.ParameterSetName ?? ParameterAttribute.AllParameterSets] = place.Mandatory;
        return new HandlerParameter(parameter.Name.VariablePath.UserPath, parameter.StaticType ?? typeof(object), sets, attributes);
    }

    /// <summary>An attribute from its text; null for what needs more than constants: the handler's own binding still checks it.</summary>
    private static Attribute? Make(AttributeAst ast)
    {
        try
        {
            var type = ast.TypeName.GetReflectionAttributeType();
            if (type is null) return null;
            var arguments = ast.PositionalArguments.Select(Constant).ToArray();
            var attribute = Construct(type, arguments);
            foreach (var named in ast.NamedArguments)
            {
                var property = type.GetProperty(named.ArgumentName, System.Reflection.BindingFlags.IgnoreCase | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public);
                property?.SetValue(attribute, LanguagePrimitives.ConvertTo(named.ExpressionOmitted ? true : Constant(named.Argument), property.PropertyType, CultureInfo.InvariantCulture));
            }
            return attribute;
        }
        catch (Exception e) when (e is InvalidOperationException or MemberAccessException or System.Reflection.TargetInvocationException or RuntimeException or InvalidCastException or ArgumentException)
        {
            return null;
        }
    }

    private static object? Constant(ExpressionAst expression) =>
        expression is ScriptBlockExpressionAst block ? block.ScriptBlock.GetScriptBlock()
        : expression is TypeExpressionAst type ? type.TypeName.GetReflectionType()
        : expression.SafeGetValue();

    private static Attribute? Construct(Type type, object?[] arguments)
    {
        foreach (var constructor in type.GetConstructors())
        {
            var parameters = constructor.GetParameters();
            try
            {
                if (parameters is [{ ParameterType.IsArray: true } rest] && arguments.Length > 0)
                    return (Attribute)constructor.Invoke([LanguagePrimitives.ConvertTo(arguments is [System.Collections.IList list] ? list : arguments, rest.ParameterType, CultureInfo.InvariantCulture)]);
                if (parameters.Length == arguments.Length)
                    return (Attribute)constructor.Invoke([.. parameters.Select((parameter, i) => LanguagePrimitives.ConvertTo(arguments[i], parameter.ParameterType, CultureInfo.InvariantCulture))]);
            }
            catch (PSInvalidCastException)
            {
                // Meant for another constructor.
            }
        }
        return null;
    }
}
