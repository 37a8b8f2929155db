using System.Management.Automation;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers common cron expressions, to be changed.</summary>
public sealed class CronCompleter : StoreCompleter
{
    private static readonly (string Expression, string Words)[] Common =
    [
        ("* * * * *", "each minute"),
        ("*/15 * * * *", "each quarter of an hour"),
        ("0 * * * *", "each hour"),
        ("0 3 * * *", "at 03:00 each day"),
        ("0 8 * * MON-FRI", "at 08:00, Monday to Friday"),
        ("0 3 * * SUN", "at 03:00 on Sundays"),
        ("0 3 1 * *", "at 03:00 on the first of each month"),
        ("0 3 L * *", "at 03:00 on the last day of each month"),
        ("*/10 * * * * *", "each ten seconds"),
    ];

    private protected override IEnumerable<CompletionResult> Offer(Session session) => Common.Select(common => Result(common.Expression, common.Words));
}
