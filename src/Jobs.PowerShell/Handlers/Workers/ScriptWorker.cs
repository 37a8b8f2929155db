using Jobs.PowerShell.Handlers.Processes;
using Jobs.PowerShell.Handlers.Sessions;
using Jobs.PowerShell.Handlers.Streams;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>A worker's life on its own thread: keeps a session open and pumps runs through it.</summary>
internal sealed class ScriptWorker(WorkerTemplate template, IRunSource source, RunspaceSession? spare)
{
    /// <summary>What PowerShell gives its own pipelines, so that scripts can recurse as deep here as there.</summary>
    public const int StackSize = 10_000_000;

    private readonly ThreadBaseline _thread = new();
    private RunspaceSession? _session = spare;
    private bool _ended;

    /// <summary>Starts the thread; the task ends with it.</summary>
    public static Task Start(WorkerTemplate template, IRunSource source, int number, RunspaceSession? spare)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                new ScriptWorker(template, source, spare).Live();
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        }, StackSize)
        { IsBackground = true, Name = $"Jobs worker {number}" };
        thread.Start();
        return ended.Task;
    }

    private void Live()
    {
        try
        {
            IRun? taken = null;
            while ((taken ?? Next(default)) is { } run)
            {
                taken = IsolationOf(run) switch
                {
                    JobIsolation.Scope => RunInTurn(run),
                    JobIsolation.Runspace => RunAlone(run),
                    _ => RunOutside(run),
                };
            }
        }
        finally
        {
            _session?.Dispose();
        }
    }

    private IRun? Next(CancellationToken leave)
    {
        // A worker that has been replaced ends here, when its handler has at last let go of it.
        if (_ended || source.Closed.IsCancellationRequested) return null;
        if (source.TryTake(out var run) || (run = source.Take(leave)) is not null) return run;
        _ended = true;
        return null;
    }

    private JobIsolation IsolationOf(IRun run) => template.Find(run.Job.Type)?.Options.Isolation ?? JobIsolation.Scope;

    private bool IsAlone(IRun run) => IsolationOf(run) != JobIsolation.Scope;

    private IRun? RunInTurn(IRun run)
    {
        if (_session is { IsUsable: false })
        {
            _session.Dispose();
            _session = null;
            // A session that broke has not set its thread back.
            _thread.Restore();
        }
        var isNew = _session is null;
        _session ??= Open(run);
        var left = _session?.Pump(run, Next, IsAlone);
        if (!isNew || !ReferenceEquals(left, run)) return left;
        // It did not even begin in a session made for it: nor would it in the next.
        run.Fail(ErrorDetail.NotBegun());
        return null;
    }

    private IRun? RunAlone(IRun run)
    {
        using var session = Open(run);
        if (session?.Pump(run, static _ => null, static _ => false) is not null) run.Fail(ErrorDetail.NotBegun());
        _thread.Restore();
        return null;
    }

    private IRun? RunOutside(IRun run)
    {
        if (template.Processes is null) run.Fail(ErrorDetail.Of(ChildShell.NotFound()));
        else ChildRun.Run(template, run);
        return null;
    }

    /// <summary>A new session; null: the run has failed for want of one.</summary>
    private RunspaceSession? Open(IRun run)
    {
        try
        {
            return new RunspaceSession(template, run.Stopping);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            run.Fail(ErrorDetail.Stopped(run.StopReason));
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            template.Report?.Invoke($"A worker's runspace can't be opened: {e.Message}");
            run.Fail(ErrorDetail.Of(e));
            return null;
        }
    }
}
