using System.Management.Automation;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers this machine's time zones.</summary>
public sealed class TimeZoneCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        TimeZoneInfo.GetSystemTimeZones()
            .OrderBy(zone => zone.Id, StringComparer.OrdinalIgnoreCase)
            .Select(zone => Result(zone.Id, zone.DisplayName));
}
