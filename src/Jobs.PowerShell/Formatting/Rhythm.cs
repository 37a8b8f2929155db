using System.Globalization;

namespace Jobs.PowerShell.Formatting;

/// <summary>When a recurring job runs, in words.</summary>
internal static class Rhythm
{
    private static readonly (string Name, long Ticks)[] s_units =
    [
        ("day", TimeSpan.TicksPerDay), ("hour", TimeSpan.TicksPerHour), ("minute", TimeSpan.TicksPerMinute), ("second", TimeSpan.TicksPerSecond), ("millisecond", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Such as <c>every 15 minutes</c>, or <c>at 03:00, Monday to Friday, Europe/Berlin</c>.</summary>
    public static string Of(TimeSpan? every, string? cron, string? timeZone)
    {
        if (every is { } time) return Of(time);
        if (cron is null) return "";
        return string.Join(", ", new[] { CronWords.Of(cron) ?? $"cron {cron}", timeZone }.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static string Of(TimeSpan every)
    {
        var parts = new List<string>();
        var rest = every.Ticks;
        foreach (var (name, ticks) in s_units)
        {
            var count = rest / ticks;
            rest %= ticks;
            if (count > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count:0} {name}{(count == 1 ? "" : "s")}"));
        }
        return parts is [var only] && only.StartsWith("1 ", StringComparison.Ordinal) ? $"every {only[2..]}" : $"every {CronWords.Join(parts)}";
    }
}
