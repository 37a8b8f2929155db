using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Reflection;
using Jobs.PowerShell.Cmdlets;
using Jobs.PowerShell.Handlers;

namespace Jobs.PowerShell.Binding;

/// <summary>A handler's parameters as New-ScheduledJob offers them.</summary>
internal sealed class HandlerParameters
{
    // A handler's parameter of one of these names can be given with -Parameters only.
    private static readonly HashSet<string> Taken = new(
        typeof(NewScheduledJobCommand).GetProperties()
            .Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .Select(property => property.Name)
            .Concat(Cmdlet.CommonParameters)
            .Concat(Cmdlet.OptionalCommonParameters)
            .Append("ProgressAction"),
        StringComparer.OrdinalIgnoreCase);

    public HandlerParameters(ScriptHandler handler)
    {
        foreach (var parameter in handler.GetDynamicParameters().Values.Where(parameter => !Taken.Contains(parameter.Name)))
        {
            // Not mandatory here, as the data may come by other ways; what is missing is found by the check at scheduling.
            Collection<Attribute> attributes = [new ParameterAttribute(), .. parameter.Attributes.Where(attribute => attribute is not ParameterAttribute)];
            Offered.Add(parameter.Name, new RuntimeDefinedParameter(parameter.Name, parameter.ParameterType, attributes));
        }
    }

    public RuntimeDefinedParameterDictionary Offered { get; } = [];

    /// <summary>The given ones of these, over those of -Parameters; null when there are neither.</summary>
    public IDictionary? Merge(IDictionary? parameters)
    {
        var given = Offered.Values.Where(parameter => parameter.IsSet).ToList();
        if (given.Count == 0) return parameters;
        var merged = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in parameters ?? merged)
            merged[entry.Key] = entry.Value;
        foreach (var parameter in given)
            merged[parameter.Name] = parameter.Value;
        return merged;
    }
}
