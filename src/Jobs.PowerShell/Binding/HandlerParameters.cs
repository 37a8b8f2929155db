using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Binding;

/// <summary>A handler's parameters as a cmdlet offers them beside its own.</summary>
/// <param name="handler">The handler.</param>
/// <param name="cmdlet">The cmdlet: a handler's parameter that has the name of one of its own can be given with -Parameters only.</param>
internal sealed class HandlerParameters(ScriptHandler handler, PSCmdlet cmdlet)
{
    /// <summary>The cmdlet's parameter set that they are in.</summary>
    public const string Set = "Handler";

    private static readonly ConcurrentDictionary<Type, HashSet<string>> s_taken = new();

    public RuntimeDefinedParameterDictionary Offered { get; } = ParameterCheck.Dynamic(handler, Set, s_taken.GetOrAdd(cmdlet.GetType(), Own).Contains);

    private HashSet<string> _fixed = [];

    /// <summary>Those of a type that is registered in this session; null where it is not.</summary>
    public static HandlerParameters? Of(string? type, PSCmdlet cmdlet) =>
        !string.IsNullOrEmpty(type) && Session.Current.Handlers.TryGetValue(type, out var handler) ? new HandlerParameters(handler, cmdlet) : null;

    /// <summary>Before the first object: what the call itself gives, for all of them.</summary>
    public void Fix(IReadOnlyDictionary<string, object> bound) => _fixed = new HashSet<string>(bound.Keys, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that are given, in the call or for an object of the pipeline.</summary>
    /// <param name="bound">What is bound at the moment.</param>
    /// <param name="item">The object.</param>
    public IDictionary Given(IReadOnlyDictionary<string, object> bound, object? item = null)
    {
        var given = NewTable();
        foreach (var parameter in Offered.Values.Where(parameter => bound.ContainsKey(parameter.Name)))
            given[parameter.Name] = parameter.Value;
        // Of properties PowerShell makes 0 of an empty cell, and nothing of what it can't convert. What a script block said stays.
        foreach (var parameter in handler.Parameters.Where(parameter => given.Contains(parameter.Name) && !_fixed.Contains(parameter.Name)))
        {
            if (PropertyOf(item, parameter) is not { Value: var said }) continue;
            var value = given[parameter.Name];
            if (IsEmpty(said) && !TakesEmpty(parameter) && (value is null || LanguagePrimitives.TryConvertTo(said, parameter.Type, CultureInfo.InvariantCulture, out var converted) && Equals(converted, value))) given.Remove(parameter.Name);
            else if (value is null) given[parameter.Name] = said;
        }
        return given;
    }

    /// <summary>What an object of the pipeline says in a property; null for nothing.</summary>
    public static object? Property(object? item, string name) =>
        item is not null && HasProperties(item) && PSObject.AsPSObject(item).Properties[name] is { IsGettable: true, Value: var value } && !IsEmpty(value) ? value : null;

    /// <summary>The properties of an object that are named as parameters; null when none is, and the object is data as a whole.</summary>
    public IDictionary? Of(object? item)
    {
        if (item is null || !HasProperties(item)) return null;
        OrderedDictionary? given = null;
        foreach (var parameter in handler.Parameters.Where(parameter => Offered.ContainsKey(parameter.Name)))
        {
            if (PropertyOf(item, parameter) is not { Value: var value }) continue;
            given ??= NewTable();
            if (!IsEmpty(value) || TakesEmpty(parameter)) given[parameter.Name] = value;
        }
        return given;
    }

    private static PSPropertyInfo? PropertyOf(object? item, HandlerParameter parameter) =>
        item is null || !HasProperties(item) ? null
        : parameter.Aliases.Prepend(parameter.Name).Select(name => PSObject.AsPSObject(item).Properties[name]).FirstOrDefault(property => property is { IsGettable: true });

    // The empty cell of a table says nothing, where it can't be meant as a text.
    private static bool IsEmpty(object? value) => value is null or "" or PSObject { BaseObject: "" };

    private bool TakesEmpty(HandlerParameter parameter) => parameter.Type == typeof(string) && !handler.ParameterSets.Any(parameter.IsMandatoryIn);

    // Values, tables and lists are data as they are.
    private static bool HasProperties(object item) =>
        ((item as PSObject)?.BaseObject ?? item) is var value && (value is PSCustomObject || value is not IEnumerable && !CapturedValue.CanBeShared(value));

    private static OrderedDictionary NewTable() => new(StringComparer.OrdinalIgnoreCase);

    private static HashSet<string> Own(Type cmdlet) => new(
        cmdlet.GetProperties()
            .Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .Select(property => property.Name)
            .Concat(Cmdlet.CommonParameters)
            .Concat(Cmdlet.OptionalCommonParameters)
            .Append("ProgressAction"),
        StringComparer.OrdinalIgnoreCase);
}
