using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Reflection;
using Jobs.PowerShell.Cmdlets;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Binding;

/// <summary>A handler's parameters as New-ScheduledJob offers them.</summary>
internal sealed class HandlerParameters(ScriptHandler handler, string parameterSet)
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

    public RuntimeDefinedParameterDictionary Offered { get; } = ParameterCheck.Dynamic(handler, parameterSet, Taken.Contains);

    /// <summary>Those that were given.</summary>
    public IDictionary Given()
    {
        var given = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in Offered.Values.Where(parameter => parameter.IsSet))
            given[parameter.Name] = parameter.Value;
        return given;
    }
}
