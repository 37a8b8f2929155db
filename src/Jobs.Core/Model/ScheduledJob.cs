namespace Jobs.Core;

/// <summary>A job as it stood in the store when it was read.</summary>
public sealed record ScheduledJob
{
    /// <summary>A ULID: sortable by the time it was made.</summary>
    public required string Id { get; init; }

    /// <inheritdoc cref="JobType.Name"/>
    public required string Type { get; init; }

    /// <summary>Where it stands.</summary>
    public JobStatus Status { get; init; }

    /// <inheritdoc cref="JobDefaults.Priority"/>
    public int Priority { get; init; }

    /// <inheritdoc cref="JobDefaults.Queue"/>
    public required string Queue { get; init; }

    /// <inheritdoc cref="JobRequest.Data"/>
    public string? Data { get; init; }

    /// <summary>True when it was read without its data, and <see cref="Data"/> tells nothing.</summary>
    public bool DataIsOmitted { get; init; }

    /// <inheritdoc cref="JobRequest.DataIsParameters"/>
    public bool DataIsParameters { get; init; }

    /// <summary>When it was scheduled, by the store's clock (as are all times).</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it is, or was, to run; for a retry or a recurring job the next time.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>When its last attempt began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When its last attempt, or for a cancelled one the job, ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>How long the last attempt ran; while executing, so far.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Attempts begun; of a recurring job, those of its current occurrence.</summary>
    public int Attempts { get; init; }

    /// <summary>Retries it was given.</summary>
    public int Retries { get; init; }

    /// <summary>Retries still open.</summary>
    public int RetriesLeft { get; init; }

    /// <summary>Why its last attempt failed.</summary>
    public JobError? Error { get; init; }

    /// <inheritdoc cref="JobRequest.Every"/>
    public TimeSpan? Every { get; init; }

    /// <inheritdoc cref="JobRequest.Cron"/>
    public string? Cron { get; init; }

    /// <inheritdoc cref="JobRequest.TimeZone"/>
    public string? TimeZone { get; init; }

    /// <inheritdoc cref="JobRequest.Missed"/>
    public MissedPolicy Missed { get; init; }

    /// <summary>Whether it has a next time.</summary>
    public bool IsRecurring => Every is not null || Cron is not null;

    /// <summary>The regular time this run or wait stands for, of a recurring job (<see cref="Due"/> may be a retry's).</summary>
    public DateTimeOffset? Occurrence { get; init; }

    /// <summary>The regular time it was last put off to, as those before had passed while no pool ran.</summary>
    internal DateTimeOffset? PutOffTo { get; init; }

    /// <summary>The pool that runs it, or ran it last.</summary>
    public string? PoolId { get; init; }

    /// <summary>That pool's machine.</summary>
    public string? HostName { get; init; }

    /// <summary>What the handler last said of its progress.</summary>
    public JobProgress? Progress { get; init; }

    /// <inheritdoc cref="JobDefaults.Timeout"/>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc cref="JobDefaults.RetryDelay"/>
    public TimeSpan RetryDelay { get; init; }

    /// <inheritdoc cref="JobDefaults.Backoff"/>
    public BackoffKind Backoff { get; init; }

    /// <inheritdoc cref="JobDefaults.MaxRetryDelay"/>
    public TimeSpan MaxRetryDelay { get; init; }

    /// <inheritdoc cref="JobRequest.UniqueKey"/>
    public string? UniqueKey { get; init; }

    /// <summary>True when scheduling found it by its unique key rather than making it.</summary>
    public bool IsExisting { get; init; }

    /// <inheritdoc cref="JobRequest.After"/>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>How often a pool died or was cut off while it ran this job.</summary>
    public int Crashes { get; init; }

    /// <summary>True when a cancel has been asked for and the run has not ended yet.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>True when it waits to be resumed; of an executing recurring job, when it will after the run.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Whether the job has ended for good.</summary>
    public bool HasEnded => Status is JobStatus.Finished or JobStatus.Failed or JobStatus.Cancelled;

    /// <summary>What is wrong with what the store has of it, so that it can't be run; null: nothing.</summary>
    internal string? Defect { get; init; }

    /// <summary>The claim's fencing token.</summary>
    internal long Fence { get; init; }
}
