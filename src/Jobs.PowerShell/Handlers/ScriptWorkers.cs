using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers;

/// <summary>Workers that run script blocks, each in a runspace of its own.</summary>
internal static class ScriptWorkers
{
    public static WorkerLoop Create(IReadOnlyDictionary<string, ScriptHandler> handlers, IReadOnlyList<string> importModule, ScriptBlock? initializationScript) =>
        slot => throw new NotSupportedException($"{slot.Number} {handlers.Count} {importModule.Count} {initializationScript}");
}
