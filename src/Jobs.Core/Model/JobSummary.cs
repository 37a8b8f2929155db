namespace Jobs.Core;

/// <summary>Counts and rates of one type, or of all (<see cref="Type"/> is then "*").</summary>
public sealed record JobSummary
{
    /// <summary>The type, or "*" for the total.</summary>
    public required string Type { get; init; }

    /// <summary>Jobs by status.</summary>
    public IReadOnlyDictionary<JobStatus, long> Counts { get; init; } = new Dictionary<JobStatus, long>();

    /// <summary>Attempts that ended well, and that failed, per minute over the last full minutes (at most ten).</summary>
    public double FinishedPerMinute { get; init; }

    /// <inheritdoc cref="FinishedPerMinute"/>
    public double FailedPerMinute { get; init; }

    /// <summary>Mean running time of those attempts; null when there were none.</summary>
    public TimeSpan? AverageDuration { get; init; }
}

/// <summary>A type as the store knows it.</summary>
public sealed record JobTypeInfo
{
    /// <inheritdoc cref="JobType.Name"/>
    public required string Name { get; init; }

    /// <summary>The defaults a pool last published.</summary>
    public JobDefaults Defaults { get; init; } = new();

    /// <inheritdoc cref="JobType.MaxConcurrency"/>
    public int? MaxConcurrency { get; init; }

    /// <inheritdoc cref="JobType.RateLimit"/>
    public RateLimit? RateLimit { get; init; }

    /// <summary>True while no pool starts jobs of this type.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Attempts ended well since the type is known.</summary>
    public long TotalFinished { get; init; }

    /// <summary>Attempts failed since the type is known.</summary>
    public long TotalFailed { get; init; }

    /// <summary>Jobs of this type by status, now.</summary>
    public IReadOnlyDictionary<JobStatus, long> Counts { get; init; } = new Dictionary<JobStatus, long>();
}

/// <summary>One run of a recurring job.</summary>
public sealed record JobRunRecord
{
    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset Finished { get; init; }

    /// <summary>Finished, Failed or Cancelled.</summary>
    public JobStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Where it ran.</summary>
    public string? PoolId { get; init; }
}
