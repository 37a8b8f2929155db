using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers;

/// <summary>The workers of one pool, as the engine's <see cref="WorkerLoop"/>.</summary>
internal sealed class ScriptWorkers : IDisposable
{
    private readonly Func<string, ScriptHandler?> _find;

    private ScriptWorkers(Func<string, ScriptHandler?> find) => _find = find;

    public static ScriptWorkers Create(
        Func<string, ScriptHandler?> find, ScriptHandler? initialization = null, IReadOnlyList<string>? modules = null, Action<string>? report = null,
        PSLanguageMode languageMode = PSLanguageMode.FullLanguage)
    {
        _ = (initialization, modules, report, languageMode);
        return new ScriptWorkers(find);
    }

    public void Verify() => _ = _find;

    public Task Run(WorkerSlot slot) => Task.FromException(new NotSupportedException($"{slot.Number} {_find("")}"));

    public void Dispose()
    {
    }
}
