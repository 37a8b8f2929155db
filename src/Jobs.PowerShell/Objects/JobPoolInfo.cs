using Jobs.Core;
using Jobs.PowerShell.Pools;

namespace Jobs.PowerShell;

/// <summary>A pool: of this session as it stands now, of another process as its last heartbeat described it.</summary>
public sealed class JobPoolInfo
{
    private readonly PoolInfo? _read;
    private readonly RunningPool? _running;

    internal JobPoolInfo(PoolInfo read) => _read = read;

    internal JobPoolInfo(RunningPool running) => _running = running;

    /// <summary>New at each start.</summary>
    public string Id => Info.Id;

    /// <summary>The name it was started with.</summary>
    public string Name => Info.Name;

    /// <summary>Its machine.</summary>
    public string HostName => Info.HostName;

    /// <summary>Its process.</summary>
    public int ProcessId => Info.ProcessId;

    /// <summary>How it stands.</summary>
    public PoolStatus Status => Info.Status;

    /// <summary>How many jobs it runs at a time.</summary>
    public int Workers => Info.Workers;

    /// <summary>How many it runs now.</summary>
    public int Busy => Info.Busy;

    /// <summary>The queues it serves, in order.</summary>
    public IReadOnlyList<string> Queues => Info.Queues;

    /// <summary>The types it runs.</summary>
    public IReadOnlyList<string> Types => Info.Types;

    /// <summary>When it was started.</summary>
    public DateTime Started => Info.Started.LocalDateTime;

    /// <summary>When it was last heard of.</summary>
    public DateTime LastHeartbeat => Info.LastHeartbeat.LocalDateTime;

    /// <summary>Attempts it has ended, whatever their outcome.</summary>
    public long Processed => Info.Processed;

    /// <summary>Attempts that failed.</summary>
    public long Failed => Info.Failed;

    /// <summary>Whether it runs in this session.</summary>
    public bool IsLocal => _running is not null;

    internal RunningPool? Running => _running;

    private PoolInfo Info => _running?.Pool.Info ?? _read!;

    /// <summary>The id, so that a pool can be given wherever an id is asked for.</summary>
    public override string ToString() => Id;
}
