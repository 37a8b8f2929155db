using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers;

/// <summary>One runspace and the pump that runs jobs in it. Belongs to the thread of its worker.</summary>
internal sealed class RunspaceSession : IDisposable
{
    private readonly WorkerTemplate _template;
    private readonly RunSink _sink = new();
    private readonly Runspace _runspace;
    private readonly Dictionary<string, CompiledHandler> _compiled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _imported = new(StringComparer.OrdinalIgnoreCase);
    private SessionVariables? _variables;
    private SessionBaseline? _baseline;
    private bool _spoiled;

    public RunspaceSession(WorkerTemplate template)
    {
        _template = template;
        _runspace = template.Open(new WorkerHost(_sink));
        _imported.UnionWith(template.Modules);
    }

    /// <summary>False: the next job needs another session.</summary>
    public bool IsUsable => !_spoiled && _runspace.RunspaceStateInfo.State == RunspaceState.Opened;

    public void Dispose() => _runspace.Dispose();

    /// <summary>
    /// Runs jobs until there are no more, or the pipeline has to be left. Gives a run that was taken but must be run elsewhere: in another session,
    /// or in this one by another pump.
    /// </summary>
    /// <param name="first">The first run.</param>
    /// <param name="next">Takes the next one, waiting for it; null: leave.</param>
    /// <param name="isElsewhere">Whether a run needs another session than this.</param>
    public IRun? Pump(IRun first, Func<IRun?> next, Func<IRun, bool> isElsewhere)
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

    /// <summary>One life of the pump's pipeline.</summary>
    private sealed class PumpPass(RunspaceSession session, System.Management.Automation.PowerShell shell, IRun first)
    {
        private IRun? _taken = first;
        private RunStop? _stop;
        private Outcome? _last;

        public void Loop(PumpCommand pump, Func<IRun?> next, Func<IRun, bool> isElsewhere)
        {
            session.Prepare(pump);
            for (; _taken is not null; _taken = next())
            {
                // The job before may have closed the runspace, or asked for its end.
                if (pump.Stopping || !session.IsUsable || isElsewhere(_taken)) return;
                if (!Run(pump, _taken)) return;
            }
        }

        /// <summary>The pipeline ended otherwise than by the loop's return.</summary>
        public void Broken(Exception exception)
        {
            if (_last is not null) return;
            session._spoiled = true;
            if (_taken is { } run && _stop is not null) _last = new Outcome(run, session._sink.End(), ErrorDetail.Of(exception));
        }

        /// <summary>After the pipeline's end: completes the run that ended with it.</summary>
        public IRun? Leave()
        {
            if (_stop is { HasStopped: true }) _stop.WaitUntilIssued();
            if (_last is not { } last) return _taken;
            Complete(last.Run, last.Output, last.Error);
            return null;
        }

        /// <summary>Runs one job; false: the pipeline must be left.</summary>
        private bool Run(PumpCommand pump, IRun run)
        {
            JobError? error;
            if (run.Stopping.IsCancellationRequested)
            {
                run.Fail(ErrorDetail.Stopped(run.StopReason));
                return true;
            }
            object?[] arguments;
            CompiledHandler handler;
            object? data;
            try
            {
                handler = session.Compile(pump, run.Job.Type);
                arguments = handler.Arguments(run.Job, out data);
            }
            catch (Exception e) when (e is HandlerException or RuntimeException)
            {
                run.Fail(ErrorDetail.Of(e));
                return true;
            }

            var sink = session._sink;
            sink.Begin(run);
            session._variables!.Set(handler.Handler.Options.ErrorPolicy, new JobContext(run), data);
            var stop = _stop = new RunStop(shell);
            using (run.Stopping.UnsafeRegister(static stop => ((RunStop)stop!).Stop(), stop))
                error = Invoke(pump, run, handler.Script(arguments), arguments);
            var output = sink.End();
            if (error is null && sink.FirstError is { } record && handler.Handler.Options.ErrorPolicy == JobErrorPolicy.Stop) error = ErrorDetail.Of(record);
            if (!stop.TryEnd() || pump.Stopping)
            {
                _last = new Outcome(run, output, error);
                return false;
            }
            _stop = null;
            _taken = null;
            // Set back before the outcome is known: who waits for it may schedule the next job.
            var clean = session.TryRestore(pump);
            Complete(run, output, error);
            return clean;
        }

        private JobError? Invoke(PumpCommand pump, IRun run, string script, object?[] arguments)
        {
            try
            {
                pump.InvokeCommand.InvokeScript(script, true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, arguments!);
                return null;
            }
            catch (PipelineStoppedException)
            {
                return ErrorDetail.Stopped(run.StopReason);
            }
            catch (ExitException e)
            {
                var code = LanguagePrimitives.TryConvertTo<int>(e.Argument, out var number) ? number : 1;
                return code == 0 ? null : ErrorDetail.Exited(code);
            }
            catch (Exception e) when (e is LoopFlowException)
            {
                // As in a script: it ends, without an error. Mostly not what was meant, so the log says so.
                session._sink.Log(JobLogLevel.Warning, $"'{(e is BreakException ? "break" : "continue")}' outside a loop ended the handler.");
                return null;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return ErrorDetail.Of(e);
            }
        }

        private static void Complete(IRun run, JobOutput? output, JobError? error)
        {
            if (error is null) run.Succeed(output);
            else run.Fail(error);
        }
    }

    /// <summary>How a run ended. A class, since a tuple would need the engine's types where PowerShell looks at this one's.</summary>
    private sealed class Outcome(IRun run, JobOutput? output, JobError? error)
    {
        public IRun Run => run;

        public JobOutput? Output => output;

        public JobError? Error => error;
    }

    /// <summary>Makes the session what it is at the begin of each job.</summary>
    private void Prepare(PumpCommand pump)
    {
        if (_variables is null)
        {
            _variables = new SessionVariables(pump.SessionState);
            OwnModule.OfferTo(pump.SessionState);
            _baseline = SessionBaseline.Capture(pump);
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
            if (_baseline is null) _spoiled = true;
            else _baseline.Restore(pump);
        }
        catch (SessionSpoiledException)
        {
            _spoiled = true;
        }
        return !_spoiled;
    }

    private CompiledHandler Compile(PumpCommand pump, string type)
    {
        var handler = _template.Find(type) ?? throw new HandlerException("HandlerNotFound", ErrorCategory.ObjectNotFound, $"This session has no handler for jobs of type '{type}'.", type);
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
            pump.InvokeCommand.InvokeScript("Import-Module -Name $args[0] -Global -ErrorAction Stop", true, PipelineResultTypes.None, null, module);
            // What the module brought is no leftover of a job.
            _baseline = SessionBaseline.Capture(pump);
        }
        catch (RuntimeException e)
        {
            _imported.Remove(module);
            throw WorkerTemplate.ModuleFailed(module, e);
        }
    }
}
