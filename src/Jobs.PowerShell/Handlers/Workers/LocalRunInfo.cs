using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>A run in the user's own session, which no pool has anything to do with.</summary>
/// <param name="job">The job, which need not be in the store.</param>
/// <param name="readParents">Reads what it waited for.</param>
/// <param name="stopping">Fires at Ctrl+C.</param>
internal sealed class LocalRunInfo(ScheduledJob job, Func<IReadOnlyList<JobParent>> readParents, CancellationToken stopping) : IRunInfo
{
    /// <summary>With the number that its last attempt had: what a handler makes of that is to come out the same.</summary>
    public ScheduledJob Job { get; } = job.Attempts > 0 ? job : job with { Attempts = 1 };

    public string PoolId => "";

    /// <summary>As a pool would say it. Nothing ends the run then: a debugger takes its time.</summary>
    public DateTimeOffset? Deadline { get; } = DateTimeOffset.Now + job.Timeout;

    public CancellationToken Stopping { get; } = stopping;

    public IReadOnlyList<JobParent> ReadParents() => readParents();
}
