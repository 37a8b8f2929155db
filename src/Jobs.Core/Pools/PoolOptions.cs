namespace Jobs.Core;

/// <summary>How a pool works.</summary>
public sealed record PoolOptions
{
    /// <summary>Jobs run at a time. Default: processors.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Jobs claimed ahead of free workers at most, 0 to 1,000; only as many as start within moments. Default 100.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>The safety net beside wake-ups. Default 1 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The lease: after so long without a heartbeat others take over this pool's jobs. At least 1 s. Default 30 s.</summary>
    public TimeSpan StaleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running jobs may go on after a stop. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopped or timed-out handler may take to end before its worker is replaced. Default 5 s.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Types served, of those registered; null: all. '*' and '?' are wildcards.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Queues served, in order of preference.</summary>
    public IReadOnlyList<string> Queues { get; init; } = ["default"];

    /// <summary>Shown in lists. Default: the machine's name.</summary>
    public string? Name { get; init; }

    /// <summary>Ends when nothing of its queues and types is due.</summary>
    public bool UntilEmpty { get; init; }

    /// <summary>With <see cref="UntilEmpty"/>: stays until the retries of what it ran have come to an end, whoever runs them.</summary>
    public bool IncludeRetries { get; init; }

    /// <summary>Ends after so many attempts.</summary>
    public long? MaxJobs { get; init; }

    /// <summary>Ends after so long.</summary>
    public TimeSpan? RunFor { get; init; }

    /// <summary>Raises an event for each claim, start, end and retry.</summary>
    public bool Verbose { get; init; }

    /// <summary>What a worker is; null: one that calls <see cref="JobType.Handler"/>.</summary>
    public WorkerLoop? Worker { get; init; }
}

/// <summary>
/// A worker's life: takes runs from its slot and completes each, until <see cref="WorkerSlot.TakeAsync"/> gives null.
/// It runs on a thread-pool thread and may start one of its own. When it must be replaced because a handler does not
/// end, the pool starts another loop in its place and closes this slot.
/// </summary>
public delegate Task WorkerLoop(WorkerSlot slot);
