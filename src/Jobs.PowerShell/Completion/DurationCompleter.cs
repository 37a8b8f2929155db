using System.Management.Automation;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers durations as they can be written.</summary>
public sealed class DurationCompleter : StoreCompleter
{
    private static readonly string[] Common = ["10s", "30s", "1m", "5m", "15m", "1h", "1h30m", "1d", "7d"];

    private protected override IEnumerable<CompletionResult> Offer(Session session) => Common.Select(text => Result(text));
}
