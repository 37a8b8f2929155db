namespace Jobs.Core;

/// <summary>Which jobs to list. Empty filters match everything.</summary>
public sealed record JobQuery
{
    /// <summary>In one of these statuses.</summary>
    public IReadOnlyList<JobStatus> Statuses { get; init; } = [];

    /// <summary>Of one of these types; with PowerShell's wildcards, in any case.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>In one of these queues; with PowerShell's wildcards, in any case.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Created then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created then or earlier.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True: oldest first. Default newest first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>Passes over so many matches.</summary>
    public long Skip { get; init; }

    /// <summary>At most so many; null: all.</summary>
    public long? First { get; init; }

    /// <summary>Leaves out data beyond 128 KB for up to 500 jobs (<see cref="ScheduledJob.DataIsOmitted"/>).</summary>
    public bool OmitLargeData { get; init; }
}
