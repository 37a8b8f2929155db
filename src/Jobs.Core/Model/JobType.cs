namespace Jobs.Core;

/// <summary>Runs one attempt of a job. It fails by throwing; what it returns is kept as the job's output.</summary>
/// <param name="run">The claimed job.</param>
/// <param name="cancellationToken">Fires when the run must end: cancelled, timed out, pool stopping, or its lease lost.</param>
public delegate Task<JobOutput?> JobHandler(JobRun run, CancellationToken cancellationToken);

/// <summary>A kind of job: its name, its handler and the defaults of its jobs.</summary>
public sealed record JobType
{
    /// <summary>1 to 100 letters, digits, '.', '_' or '-'.</summary>
    public required string Name { get; init; }

    /// <summary>What runs the job; null where the pool's workers find it by name themselves.</summary>
    public JobHandler? Handler { get; init; }

    /// <summary>The jobs' defaults.</summary>
    public JobDefaults Defaults { get; init; } = new();

    /// <summary>At most so many run at a time over all pools; null: no limit.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>At most so many starts within a window over all pools; null: no limit.</summary>
    public RateLimit? RateLimit { get; init; }
}

/// <summary>At most <paramref name="Count"/> starts in any stretch of <paramref name="Window"/>.</summary>
/// <param name="Count">1 to 100,000.</param>
/// <param name="Window">1 ms or more.</param>
public sealed record RateLimit(int Count, TimeSpan Window);

/// <summary>What a job takes from its type where its request says nothing.</summary>
public sealed record JobDefaults
{
    /// <summary>How often a failed attempt is repeated. Default 0.</summary>
    public int Retries { get; init; }

    /// <summary>Delay before the first retry. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How the delay grows. Default exponential.</summary>
    public BackoffKind Backoff { get; init; }

    /// <summary>The longest delay. Default 1 hour.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest an attempt may run; null: no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>-500,000 to 500,000; higher runs first. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>The queue. Default "default".</summary>
    public string Queue { get; init; } = "default";
}
