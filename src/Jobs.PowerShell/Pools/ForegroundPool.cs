using System.Management.Automation;

namespace Jobs.PowerShell.Pools;

/// <summary>Runs a pool to its end in the foreground: emits each job as it ends, and passes on what the pool says.</summary>
internal sealed class ForegroundPool(PSCmdlet cmdlet, RunningPool pool, ScriptBlock? afterJob, CancellationToken stopping)
{
    private const int PauseInMilliseconds = 100;
    private Task<bool>? _more;

    public void Run()
    {
        try
        {
            while (!pool.Completion.IsCompleted)
            {
                Emit();
                if (stopping.IsCancellationRequested) throw new PipelineStoppedException();
                Pause();
            }
            Emit();
        }
        finally
        {
            // Ctrl+C, or what comes after us in the pipeline wants no more.
            if (!pool.Completion.IsCompleted) Drain();
        }
        pool.Completion.GetAwaiter().GetResult();
    }

    private void Emit()
    {
        pool.TellThrough(cmdlet);
        while (pool.Pool.Ended.TryRead(out var ended))
        {
            var job = new JobInfo(ended, pool.Connection.Client);
            if (afterJob is not null) Call(afterJob, job);
            cmdlet.WriteObject(job);
            pool.TellThrough(cmdlet);
        }
    }

    private void Call(ScriptBlock script, JobInfo job)
    {
        try
        {
            script.InvokeWithContext(null, [new PSVariable("_", job)], job);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // An error of the caller's must not end the pool under its jobs.
            cmdlet.WriteWarning($"The -AfterJob script failed for job {job.Id}: {e.Message}");
        }
    }

    private void Pause()
    {
        if (_more is not { IsCompleted: false }) _more = pool.Pool.Ended.WaitToReadAsync().AsTask();
        // What the pool says comes by no wait handle: it is looked for at each pause's end.
        Task[] awaited = _more is { IsCompletedSuccessfully: true, Result: false } ? [pool.Completion] : [_more, pool.Completion];
        Task.WaitAny(awaited, PauseInMilliseconds);
    }

    private void Drain()
    {
        var stopped = pool.StopAsync();
        if (Task.WaitAny([stopped], PauseInMilliseconds) < 0 && pool.Pool.Info.Busy is > 0 and var busy)
            Say($"Waiting for {busy} running job{(busy == 1 ? "" : "s")} to end; Ctrl+C again stops {(busy == 1 ? "it" : "them")}.");
        Task.WaitAny(stopped);
    }

    // The pipeline takes nothing any more; the host does.
    private void Say(string message)
    {
        try
        {
            cmdlet.Host.UI.WriteWarningLine(message);
        }
        catch (Exception e) when (e is PipelineStoppedException or NotImplementedException)
        {
        }
    }
}
