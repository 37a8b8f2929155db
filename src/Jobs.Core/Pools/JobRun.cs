namespace Jobs.Core;

/// <summary>Why a run was told to stop.</summary>
public enum StopReason
{
    /// <summary>It was not.</summary>
    None,
    /// <summary>A user cancelled the job.</summary>
    Cancelled,
    /// <summary>It ran longer than its time-out.</summary>
    TimedOut,
    /// <summary>The pool is stopping; the job goes back to its queue.</summary>
    PoolStopping,
    /// <summary>The lease could not be renewed, or the job was removed: whatever it does no longer counts.</summary>
    LeaseLost,
}

/// <summary>One claimed job on its way through a pool: what to run, and where to say how it went.</summary>
public sealed class JobRun
{
    /// <summary>The job as claimed.</summary>
    public ScheduledJob Job => throw new NotImplementedException();

    /// <summary>Its type as registered in this pool.</summary>
    public JobType Type => throw new NotImplementedException();

    /// <summary>The attempt, counted from 1.</summary>
    public int Attempt => Job.Attempts;

    /// <summary>When its time-out ends, by this machine's clock; null: none. Set once the run has begun.</summary>
    public DateTimeOffset? Deadline => throw new NotImplementedException();

    /// <summary>The pool that claimed it.</summary>
    public string PoolId => throw new NotImplementedException();

    /// <summary>Fires when the run must end.</summary>
    public CancellationToken Stopping => throw new NotImplementedException();

    /// <summary>Why <see cref="Stopping"/> fired.</summary>
    public StopReason StopReason => throw new NotImplementedException();

    /// <summary>Keeps the latest progress; stored at most four times a second.</summary>
    public void Report(JobProgress progress) => throw new NotImplementedException();

    /// <summary>Adds to the job's log (capped: then one entry says so). Never blocks, never throws.</summary>
    public void Log(JobLogLevel level, string message) => throw new NotImplementedException();

    /// <summary>The handler ended well.</summary>
    public void Succeed(JobOutput? output = null) => throw new NotImplementedException();

    /// <summary>
    /// The handler failed or was stopped. After a stop the pool decides by <see cref="StopReason"/> what becomes of the job; the error
    /// is kept where the job then counts as failed.
    /// </summary>
    public void Fail(JobError error) => throw new NotImplementedException();
}
