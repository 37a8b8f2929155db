using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the unique keys of recurring jobs.</summary>
public sealed class ScheduleCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        Ask(session, client => Task.Run<IReadOnlyList<ScheduledJob>>(() => [.. client.GetSchedulesAsync([], omitLargeData: true).ToBlockingEnumerable()]))
            .Where(job => job.UniqueKey is not null)
            .OrderBy(job => job.UniqueKey, StringComparer.OrdinalIgnoreCase)
            .Select(job => Result(job.UniqueKey!, DisplayText.Escape($"{job.Type}, {Rhythm.Of(job.Every, job.Cron, job.TimeZone)}")));
}
