using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the unique keys of the latest jobs that have not ended.</summary>
public sealed class UniqueKeyCompleter : StoreCompleter
{
    private const int LookedAt = 500;

    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        Ask(session, client => LatestAsync(client, LookedAt, JobStatus.Scheduled, JobStatus.Queued, JobStatus.Executing, JobStatus.Saved))
            .Where(job => job.UniqueKey is not null)
            .DistinctBy(job => job.UniqueKey)
            .Select(job => Result(job.UniqueKey!, DisplayText.Escape($"{job.Type}, {job.Status}")));
}
