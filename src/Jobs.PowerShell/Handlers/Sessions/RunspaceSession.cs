using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Streams;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>One runspace and the pump that runs jobs in it. Belongs to the thread of its worker.</summary>
internal sealed partial class RunspaceSession : IDisposable
{
    private readonly WorkerTemplate _template;
    private readonly RunSink _sink = new();
    private readonly Runspace _runspace;
    private readonly Dictionary<string, CompiledHandler> _compiled = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _imported = new(StringComparer.OrdinalIgnoreCase);
    private SessionVariables? _variables;
    private SessionBaseline? _baseline;
    private BackgroundJobs? _jobs;
    private HandlerScope? _scope;
    private bool _spoiled;

    /// <param name="template">What it is made from.</param>
    /// <param name="stop">Stops the scripts that make it ready.</param>
    public RunspaceSession(WorkerTemplate template, CancellationToken stop)
    {
        _template = template;
        _runspace = HandlerScope.Run(template.Scope, () => template.Open(new WorkerHost(_sink), stop));
        _imported.UnionWith(template.Modules);
    }

    /// <summary>False: the next job needs another session.</summary>
    public bool IsUsable => !_spoiled && _runspace.RunspaceStateInfo.State == RunspaceState.Opened;

    /// <summary>Brings in the modules of a handler that runs here, and looks for those of one that runs elsewhere.</summary>
    /// <exception cref="HandlerException">ModuleNotFound.</exception>
    public void Verify(ScriptHandler handler, CancellationToken stop)
    {
        foreach (var module in handler.Options.Modules)
        {
            if (handler.Options.Isolation != JobIsolation.Scope) WorkerTemplate.Locate(_runspace, module);
            else if (_imported.Add(module)) WorkerTemplate.Import(_runspace, module, stop);
        }
    }

    public void Dispose()
    {
        _jobs?.Stop();
        _runspace.Dispose();
    }

    /// <summary>
    /// Runs jobs until there are no more, or the pipeline has to be left. Gives a run that was taken but must be run elsewhere: in another session,
    /// or in this one by another pump.
    /// </summary>
    /// <param name="first">The first run.</param>
    /// <param name="next">Takes the next one, waiting for it; null: leave.</param>
    /// <param name="isElsewhere">Whether a run needs another session than this.</param>
    public IRun? Pump(IRun first, Func<CancellationToken, IRun?> next, Func<IRun, bool> isElsewhere)
    {
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = _runspace;
        shell.Streams.Error = StreamTap.Of<ErrorRecord>(_sink.Error);
        shell.Streams.Warning = StreamTap.Of<WarningRecord>(record => _sink.Log(JobLogLevel.Warning, record.Message));
        shell.Streams.Verbose = StreamTap.Of<VerboseRecord>(record => _sink.Log(JobLogLevel.Verbose, record.Message));
        shell.Streams.Debug = StreamTap.Of<DebugRecord>(record => _sink.Log(JobLogLevel.Debug, record.Message));
        shell.Streams.Information = StreamTap.Of<InformationRecord>(_sink.Information);
        shell.Streams.Progress = StreamTap.Of<ProgressRecord>(_sink.Progress);

        var pass = new PumpPass(this, shell, first);
        shell.AddCommand(new CmdletInfo("Invoke-JobPump", typeof(PumpCommand))).AddParameter(nameof(PumpCommand.Pump), (Action<PumpCommand>)(pump => pass.Loop(pump, next, isElsewhere)));
        try
        {
            shell.Invoke(null, StreamTap.Output(item => _sink.Output(item)), null);
        }
        catch (Exception e) when (e is RuntimeException or FlowControlException or InvalidOperationException)
        {
            // The pipeline was stopped, or the runspace under it closed; the pass knows what became of its run.
            pass.Broken(e);
        }
        return pass.Leave();
    }

    /// <summary>Makes the session what it is at the begin of each job.</summary>
    private void Prepare(PumpCommand pump, string poolId)
    {
        // Before the baseline, whose thread state has it from then on.
        HandlerScope.Current = _scope ??= _template.Scope is { } scope ? scope with { PoolId = poolId } : null;
        if (_variables is null)
        {
            _variables = new SessionVariables(pump.SessionState);
            _baseline = SessionBaseline.Capture(pump, _runspace);
            _jobs = BackgroundJobs.Of(pump, _runspace);
        }
        else
        {
            TryRestore(pump);
        }
    }

    private bool TryRestore(PumpCommand pump)
    {
        try
        {
            _variables!.Clear();
            // Without a look at the tables nothing can be promised but a new runspace.
            if (_baseline is null || _jobs is null) _spoiled = true;
            else _baseline.Restore(pump);
            // After the subscriptions, which have jobs of their own.
            _jobs?.Stop();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever went wrong: the job has ended and is told so, and the next one has another runspace.
            _spoiled = true;
        }
        return !_spoiled;
    }

    private CompiledHandler Compile(PumpCommand pump, string type, ScriptHandler handler)
    {
        if (_compiled.TryGetValue(type, out var compiled) && ReferenceEquals(compiled.Handler, handler)) return compiled;
        foreach (var module in handler.Options.Modules)
            if (_imported.Add(module)) Import(pump, module);
        compiled = new CompiledHandler(handler);
        _compiled[type] = compiled;
        return compiled;
    }

    private void Import(PumpCommand pump, string module)
    {
        try
        {
            pump.InvokeCommand.InvokeScript(ModuleNames.ImportScript, true, PipelineResultTypes.None, null, ModuleNames.Specification(module));
            // What the module brought is no leftover of a job.
            _baseline = SessionBaseline.Capture(pump, _runspace);
        }
        catch (RuntimeException e)
        {
            _imported.Remove(module);
            throw WorkerTemplate.ModuleFailed(module, e);
        }
    }
}
