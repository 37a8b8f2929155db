using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>A job type: as registered in this session, else as pools last published it, with its jobs in the store.</summary>
public sealed class JobTypeStatus
{
    private readonly JobType? _registered;
    private readonly JobTypeInfo? _stored;

    internal JobTypeStatus(string name, JobType? registered, JobTypeInfo? stored) => (Name, _registered, _stored) = (name, registered, stored);

    /// <summary>The type's name.</summary>
    public string Name { get; }

    /// <summary>Whether this session can run it.</summary>
    public bool IsRegistered => _registered is not null;

    /// <summary>Whether pools are told to start none of its jobs.</summary>
    public bool IsPaused => _stored?.IsPaused ?? false;

    /// <summary>How often a failed attempt is repeated.</summary>
    public int Retries => Defaults.Retries;

    /// <summary>Delay before the first retry.</summary>
    public TimeSpan RetryDelay => Defaults.RetryDelay;

    /// <summary>How the delay grows.</summary>
    public BackoffKind Backoff => Defaults.Backoff;

    /// <summary>The longest delay.</summary>
    public TimeSpan MaxRetryDelay => Defaults.MaxRetryDelay;

    /// <summary>The longest an attempt may run.</summary>
    public TimeSpan? Timeout => Defaults.Timeout;

    /// <summary>The jobs' priority.</summary>
    public int Priority => Defaults.Priority;

    /// <summary>The jobs' queue.</summary>
    public string Queue => Defaults.Queue;

    /// <summary>At most so many run at a time over all pools.</summary>
    public int? MaxConcurrency => _registered is null ? _stored?.MaxConcurrency : _registered.MaxConcurrency;

    /// <summary>At most so many starts in a stretch of time over all pools, as count/window.</summary>
    public string? RateLimit => (_registered is null ? _stored?.RateLimit : _registered.RateLimit) is { } limit ? $"{limit.Count}/{limit.Window}" : null;

    /// <summary>Jobs held or waiting for others.</summary>
    public long Saved => Count(JobStatus.Saved);

    /// <summary>Jobs waiting for their time.</summary>
    public long Scheduled => Count(JobStatus.Scheduled);

    /// <summary>Jobs waiting for a worker.</summary>
    public long Queued => Count(JobStatus.Queued);

    /// <summary>Jobs running now.</summary>
    public long Executing => Count(JobStatus.Executing);

    /// <summary>Jobs that ended well and are still kept.</summary>
    public long Finished => Count(JobStatus.Finished);

    /// <summary>Jobs that failed and are still kept.</summary>
    public long Failed => Count(JobStatus.Failed);

    /// <summary>Jobs that were cancelled and are still kept.</summary>
    public long Cancelled => Count(JobStatus.Cancelled);

    /// <summary>Attempts that ended well since the type is known.</summary>
    public long TotalFinished => _stored?.TotalFinished ?? 0;

    /// <summary>Attempts that failed since the type is known.</summary>
    public long TotalFailed => _stored?.TotalFailed ?? 0;

    private JobDefaults Defaults => _registered?.Defaults ?? _stored?.Defaults ?? new JobDefaults();

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private long Count(JobStatus status) => _stored?.Counts.GetValueOrDefault(status) ?? 0;
}
