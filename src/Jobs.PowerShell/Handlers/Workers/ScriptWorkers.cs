using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Processes;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Sessions;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>The workers of one pool, as the engine's <see cref="WorkerLoop"/>.</summary>
internal sealed class ScriptWorkers : IDisposable
{
    private readonly WorkerTemplate _template;
    private readonly ConcurrentBag<RunspaceSession> _spares = [];

    private readonly Func<string, long, int, bool>? _isInterrupted;

    private ScriptWorkers(WorkerTemplate template, Func<string, long, int, bool>? isInterrupted) => (_template, _isInterrupted) = (template, isInterrupted);

    /// <summary>Prepares workers; opens nothing yet.</summary>
    /// <param name="find">The handler of a type; may be called from any worker's thread at any time.</param>
    /// <param name="initialization">Run in each runspace in its global scope; null: none. Made with <see cref="ScriptHandler.FromScriptBlock"/>, so that <c>$using:</c> works there too.</param>
    /// <param name="modules">Imported into each runspace, as <see cref="ModuleNames.Resolve"/> gives them.</param>
    /// <param name="report">Told what goes wrong beside the jobs, from any thread; null: nobody.</param>
    /// <param name="languageMode">The registering session's.</param>
    /// <param name="processes">Starts processes for types that want one a job; null: there is no shell to start.</param>
    /// <param name="isInterrupted">As of <see cref="SlotSource"/>; null: no run is.</param>
    /// <param name="scope">Where the module's commands work in handlers; null: as in the session around them.</param>
    public static ScriptWorkers Create(
        Func<string, ScriptHandler?> find, ScriptHandler? initialization = null, IReadOnlyList<string>? modules = null, Action<string>? report = null,
        PSLanguageMode languageMode = PSLanguageMode.FullLanguage, ChildShell? processes = null, Func<string, long, int, bool>? isInterrupted = null,
        HandlerScope? scope = null)
    {
        var initial = InitialSessionState.CreateDefault2();
        initial.LanguageMode = languageMode;
        return new ScriptWorkers(new WorkerTemplate(initial, modules ?? [], initialization, find, report, processes, scope), isInterrupted);
    }

    /// <summary>
    /// Where there are modules or an initialization, opens a first runspace, which the first worker then has: what is wrong with them shows here, not in a job. On a thread of its own:
    /// a script in a blocking call can't be stopped, but left. Without them nothing can be wrong: runspaces are opened for jobs, of which there may be none.
    /// </summary>
    /// <param name="stop">Stops it.</param>
    /// <param name="handlers">Those whose modules are to be there too.</param>
    /// <exception cref="HandlerException">ModuleNotFound, InitializationFailed.</exception>
    public Task VerifyAsync(CancellationToken stop, IReadOnlyList<ScriptHandler>? handlers = null)
    {
        if (_template.Modules.Count == 0 && _template.Initialization is null && (handlers ?? []).All(handler => handler.Options.Modules.Count == 0)) return Task.CompletedTask;
        var verified = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var session = new RunspaceSession(_template, stop);
                _spares.Add(session);
                foreach (var handler in handlers ?? []) session.Verify(handler, stop);
                if (stop.IsCancellationRequested) Dispose();
                verified.SetResult();
            }
            catch (Exception e)
            {
                verified.SetException(e);
            }
        }, ScriptWorker.StackSize)
        { IsBackground = true, Name = "Jobs worker verification" }.Start();
        return verified.Task;
    }

    /// <summary>A <see cref="WorkerLoop"/>.</summary>
    public Task Run(WorkerSlot slot) => Run(new SlotSource(slot, _isInterrupted), slot.Number);

    internal Task Run(IRunSource source, int number = 0)
    {
        _spares.TryTake(out var spare);
        return ScriptWorker.Start(_template, source, number, spare);
    }

    /// <summary>Closes runspaces that no worker took; workers close their own.</summary>
    public void Dispose()
    {
        while (_spares.TryTake(out var spare)) spare.Dispose();
    }
}
