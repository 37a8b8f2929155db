using System.Collections.ObjectModel;
using System.Management.Automation;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>A parameter a handler declares.</summary>
/// <param name="Name">Without the dash or dollar.</param>
/// <param name="Type">Its declared type; object when it declares none, or one this session does not know.</param>
/// <param name="Sets">The parameter sets it is in, and whether it is mandatory there; <see cref="ParameterAttribute.AllParameterSets"/> stands for all.</param>
/// <param name="Attributes">Aliases, validation, completers, sets.</param>
internal sealed record HandlerParameter(string Name, Type Type, IReadOnlyDictionary<string, bool> Sets, Collection<Attribute> Attributes)
{
    public IReadOnlyList<string> Aliases { get; } = [.. Attributes.OfType<AliasAttribute>().SelectMany(alias => alias.AliasNames)];

    public bool IsIn(string set) => Sets.ContainsKey(set) || Sets.ContainsKey(ParameterAttribute.AllParameterSets);

    public bool IsMandatoryIn(string set) => Sets.GetValueOrDefault(set) || Sets.GetValueOrDefault(ParameterAttribute.AllParameterSets);

    /// <summary>Whether a name, in full or an alias, is this parameter's.</summary>
    public bool IsNamed(string name) =>
        name.Equals(Name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);
}
