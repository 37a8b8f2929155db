using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the latest jobs' ids, with type and status beside.</summary>
public sealed class JobIdCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        Ask(session, LatestAsync).Select(job => Result(job.Id, DisplayText.Escape($"{job.Type}, {job.Status}")));

    private static Task<IReadOnlyList<ScheduledJob>> LatestAsync(JobClient client) => Task.Run<IReadOnlyList<ScheduledJob>>(
        () => [.. client.QueryAsync(new JobQuery { First = MostOffered, OmitLargeData = true }).ToBlockingEnumerable()]);
}
