using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Reflection;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Binding;

/// <summary>A handler's parameters as a cmdlet offers them beside its own.</summary>
internal sealed class HandlerParameters
{
    private static readonly ConcurrentDictionary<Type, HashSet<string>> s_taken = new();

    /// <param name="handler">The handler.</param>
    /// <param name="cmdlet">The cmdlet: a handler's parameter that has the name of one of its own can be given with -Parameters only.</param>
    /// <param name="parameterSet">The cmdlet's parameter set that they are in.</param>
    public HandlerParameters(ScriptHandler handler, PSCmdlet cmdlet, string parameterSet) =>
        Offered = ParameterCheck.Dynamic(handler, parameterSet, s_taken.GetOrAdd(cmdlet.GetType(), Own).Contains);

    public RuntimeDefinedParameterDictionary Offered { get; }

    /// <summary>Those that were given.</summary>
    public IDictionary Given()
    {
        var given = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in Offered.Values.Where(parameter => parameter.IsSet))
            given[parameter.Name] = parameter.Value;
        return given;
    }

    private static HashSet<string> Own(Type cmdlet) => new(
        cmdlet.GetProperties()
            .Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .Select(property => property.Name)
            .Concat(Cmdlet.CommonParameters)
            .Concat(Cmdlet.OptionalCommonParameters)
            .Append("ProgressAction"),
        StringComparer.OrdinalIgnoreCase);
}
