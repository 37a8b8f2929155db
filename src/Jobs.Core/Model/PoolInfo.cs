namespace Jobs.Core;

/// <summary>How a pool stands.</summary>
public enum PoolStatus
{
    /// <summary>Claims and runs jobs.</summary>
    Running,
    /// <summary>Claims no more; its running jobs may end.</summary>
    Stopping,
    /// <summary>Has ended.</summary>
    Stopped,
    /// <summary>Its heartbeat is overdue: its process died or is cut off.</summary>
    Stale,
}

/// <summary>A pool as its last heartbeat described it.</summary>
public sealed record PoolInfo
{
    /// <summary>New at each start.</summary>
    public required string Id { get; init; }

    /// <summary>The name it was started with.</summary>
    public required string Name { get; init; }

    /// <summary>Its machine.</summary>
    public required string HostName { get; init; }

    /// <summary>Its process.</summary>
    public int ProcessId { get; init; }

    /// <summary>How it stands.</summary>
    public PoolStatus Status { get; init; }

    /// <summary>How many jobs it runs at a time.</summary>
    public int Workers { get; init; }

    /// <summary>How many it runs now.</summary>
    public int Busy { get; init; }

    /// <summary>The queues it serves, in order.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>The types it runs.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>When it was started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset LastHeartbeat { get; init; }

    /// <summary>Attempts it has ended, whatever their outcome.</summary>
    public long Processed { get; init; }

    /// <summary>Attempts that failed.</summary>
    public long Failed { get; init; }
}
