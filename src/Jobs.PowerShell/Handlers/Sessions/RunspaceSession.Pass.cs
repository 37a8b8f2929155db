using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Processes;
using Jobs.PowerShell.Handlers.Streams;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>How runs go through the session.</summary>
internal sealed partial class RunspaceSession
{
    /// <summary>One life of the pump's pipeline.</summary>
    private sealed class PumpPass(RunspaceSession session, System.Management.Automation.PowerShell shell, IRun first)
    {
        private IRun? _taken = first;
        private RunStop? _stop;
        private Outcome? _last;
        private readonly StartedPrograms _started = StartedPrograms.OfThisThread();

        public void Loop(PumpCommand pump, Func<CancellationToken, IRun?> next, Func<IRun, bool> isElsewhere)
        {
            session.Prepare(pump, _taken!.PoolId);
            using var killing = pump.StopToken.UnsafeRegister(_ => _stop?.KillPrograms(), null);
            for (; _taken is not null; _taken = next(pump.StopToken))
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
            session._jobs?.Stop();
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
            if (session._template.Find(run.Job.Type) is not { } registered)
            {
                // Its type was unregistered after it was claimed: that is no failure of the job's.
                run.Release();
                return true;
            }
            HandlerCall call;
            CompiledHandler handler;
            object? data;
            try
            {
                handler = session.Compile(pump, run.Job.Type, registered);
                call = handler.CallFor(run.Job, out data);
            }
            catch (Exception e) when (e is HandlerException or RuntimeException)
            {
                run.Fail(ErrorDetail.Of(e));
                return true;
            }

            HandlerScope.Current = session._scope;
            var sink = session._sink;
            sink.Begin(run);
            session._variables!.Set(handler.Handler.Options.ErrorPolicy, new JobContext(run), data);
            var stop = _stop = new RunStop(shell, _started);
            using (run.Stopping.UnsafeRegister(static stop => ((RunStop)stop!).Stop(), stop))
                error = Invoke(pump, run, handler, call);
            if (error is null) sink.Flush();
            var output = sink.End();
            if (error is null && sink.FirstError is { } record && handler.Handler.Options.ErrorPolicy == JobErrorPolicy.Stop) error = ErrorDetail.Of(record, call.IsDirect);
            var exitCode = error is null && handler.Handler.Options.ErrorPolicy == JobErrorPolicy.Stop ? 0 : LastExitCode(pump);
            if (!stop.TryEnd() || pump.Stopping)
            {
                // The stop may have found the handler in its last call, after which PowerShell does not look for it any more.
                error ??= ErrorDetail.Stopped(run.StopReason);
                _last = new Outcome(run, output, error);
                return false;
            }
            _stop = null;
            _taken = null;
            // Set back before the outcome is known: who waits for it may schedule the next job.
            var clean = session.TryRestore(pump);
            Complete(run, output, error, exitCode);
            return clean;
        }

        private JobError? Invoke(PumpCommand pump, IRun run, CompiledHandler handler, HandlerCall call)
        {
            try
            {
                handler.Run(pump, call);
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
            catch (LoopFlowException e)
            {
                session._sink.Log(JobLogLevel.Warning, ErrorDetail.LoopLeft(e));
                return null;
            }
            catch (Exception e) when (e is not OutOfMemoryException && _stop is { HasStopped: true })
            {
                // What breaks under a stop, in PowerShell itself or in a finally block, is news; the stop is the reason.
                session._sink.Log(JobLogLevel.Error, e.Message);
                return ErrorDetail.Stopped(run.StopReason);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return session._sink.Explain(e, call.IsDirect);
            }
        }

        private static void Complete(IRun run, JobOutput? output, JobError? error, int exitCode = 0)
        {
            if (error is null) run.Succeed(output, exitCode);
            else run.Fail(error, exitCode);
        }

        private static int LastExitCode(PumpCommand pump) => pump.SessionState.PSVariable.GetValue("global:LASTEXITCODE") is int code ? code : 0;
    }

    /// <summary>How a run ended. A class, since a tuple would need the engine's types where PowerShell looks at this one's.</summary>
    private sealed class Outcome(IRun run, JobOutput? output, JobError? error)
    {
        public IRun Run => run;

        public JobOutput? Output => output;

        public JobError? Error => error;
    }
}
