using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>One run of a recurring job.</summary>
public sealed class JobRunInfo
{
    private readonly JobRunRecord _run;

    internal JobRunInfo(string jobId, JobRunRecord run) => (JobId, _run) = (jobId, run);

    /// <summary>The job.</summary>
    public string JobId { get; }

    /// <summary>When the run began.</summary>
    public DateTime Started => _run.Started.LocalDateTime;

    /// <summary>When it ended.</summary>
    public DateTime Finished => _run.Finished.LocalDateTime;

    /// <summary>How long it took.</summary>
    public TimeSpan Duration => _run.Finished - _run.Started;

    /// <summary>Finished, Failed or Cancelled.</summary>
    public JobStatus Status => _run.Status;

    /// <summary>Why it failed.</summary>
    public string? Error => _run.Error;

    /// <summary>The pool it ran in.</summary>
    public string? PoolId => _run.PoolId;
}
