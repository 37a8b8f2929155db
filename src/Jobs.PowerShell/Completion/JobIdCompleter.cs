using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the latest jobs' ids, with type and status beside: of those that the command has something to do with.</summary>
public sealed class JobIdCompleter : StoreCompleter
{
    private static readonly JobStatus[] Open = [JobStatus.Executing, JobStatus.Queued, JobStatus.Scheduled, JobStatus.Saved];

    private protected override IEnumerable<CompletionResult> Offer(Session session) => Offer(session, "");

    private protected override IEnumerable<CompletionResult> Offer(Session session, string command) =>
        Ask(session, client => LatestAsync(client, MostOffered, Meant(command))).Select(job => Result(job.Id, DisplayText.Escape($"{job.Type}, {job.Status}")));

    private static JobStatus[] Meant(string command) => command switch
    {
        "Restart-ScheduledJob" => [JobStatus.Failed, JobStatus.Cancelled, JobStatus.Finished],
        "Resume-ScheduledJob" => [JobStatus.Saved],
        "Stop-ScheduledJob" or "Suspend-ScheduledJob" or "Update-ScheduledJob" or "Wait-ScheduledJob" => Open,
        _ => [],
    };
}
