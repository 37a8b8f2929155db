using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>Counts, rates and durations of one type, or of all types, whose <see cref="Type"/> is "*".</summary>
public sealed class JobSummaryInfo
{
    private readonly JobSummary _summary;

    internal JobSummaryInfo(JobSummary summary) => _summary = summary;

    /// <summary>The type, or "*" for the total.</summary>
    public string Type => _summary.Type;

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

    /// <summary>All of them.</summary>
    public long Total => _summary.Counts.Values.Sum();

    /// <summary>Attempts that ended well, a minute, over the last full minutes (at most ten).</summary>
    public double FinishedPerMinute => _summary.FinishedPerMinute;

    /// <summary>Attempts that failed, a minute, over the same time.</summary>
    public double FailedPerMinute => _summary.FailedPerMinute;

    /// <summary>Their mean running time.</summary>
    public TimeSpan? AverageDuration => _summary.AverageDuration;

    private long Count(JobStatus status) => _summary.Counts.GetValueOrDefault(status);
}
