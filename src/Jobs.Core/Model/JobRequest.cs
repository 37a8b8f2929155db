namespace Jobs.Core;

/// <summary>A job to be scheduled. What is null comes from the job's type.</summary>
public sealed record JobRequest
{
    /// <summary>The job's type, known to this process or not.</summary>
    public required string Type { get; init; }

    /// <summary>The data as JSON, at most 1 MiB and 32 levels deep; null: none.</summary>
    public string? Data { get; init; }

    /// <summary>True when <see cref="Data"/> is an object whose members are the handler's named parameters.</summary>
    public bool DataIsParameters { get; init; }

    /// <summary>The first due time; null: now, or for <see cref="Cron"/> its next time. Past times are due now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The first due time as a delay from the store's now.</summary>
    public TimeSpan? In { get; init; }

    /// <summary>Runs again at this rhythm, counted from the first due time; at least 1 ms.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Runs at the times of this cron expression (5 fields, or 6 with seconds).</summary>
    public string? Cron { get; init; }

    /// <summary>Time zone of <see cref="Cron"/>, IANA or Windows id; null: the local one of the scheduling process.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What happens to missed times of a recurring job.</summary>
    public MissedPolicy Missed { get; init; }

    /// <inheritdoc cref="JobDefaults.Priority"/>
    public int? Priority { get; init; }

    /// <inheritdoc cref="JobDefaults.Queue"/>
    public string? Queue { get; init; }

    /// <inheritdoc cref="JobDefaults.Retries"/>
    public int? Retries { get; init; }

    /// <inheritdoc cref="JobDefaults.RetryDelay"/>
    public TimeSpan? RetryDelay { get; init; }

    /// <inheritdoc cref="JobDefaults.Backoff"/>
    public BackoffKind? Backoff { get; init; }

    /// <inheritdoc cref="JobDefaults.MaxRetryDelay"/>
    public TimeSpan? MaxRetryDelay { get; init; }

    /// <inheritdoc cref="JobDefaults.Timeout"/>
    public TimeSpan? Timeout { get; init; }

    /// <summary>While a job with this key is unfinished, scheduling another returns that one.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>What becomes of an unfinished job that has the unique key.</summary>
    public ExistingJob IfExists { get; init; }

    /// <summary>Ids of jobs that must end first.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>True: whatever their outcome. False: if one does not finish well, this job is cancelled.</summary>
    public bool AfterAny { get; init; }

    /// <summary>Keeps the job back (status Saved) until it is resumed.</summary>
    public bool Hold { get; init; }
}
