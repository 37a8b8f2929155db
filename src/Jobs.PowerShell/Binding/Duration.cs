using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Jobs.PowerShell.Binding;

/// <summary>Durations as users write them. Negative ones are read too: what range is right, each parameter says itself.</summary>
internal static partial class Duration
{
    public const string Forms = "Give a [timespan], a number of seconds, or text such as 90, 10s, 5m, 2h, 1d, 500ms, 1h30m or 00:10:00.";

    /// <summary>Units, the largest first; the first name of each is the one that is shown.</summary>
    private static readonly (string[] Names, long Ticks)[] Units =
    [
        (["d", "day"], TimeSpan.TicksPerDay),
        (["h", "hour"], TimeSpan.TicksPerHour),
        (["m", "min"], TimeSpan.TicksPerMinute),
        (["s", "sec"], TimeSpan.TicksPerSecond),
        (["ms"], TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>How long a unit is; null when there is none of that name.</summary>
    public static TimeSpan? OfUnit(string name) =>
        Array.FindIndex(Units, unit => unit.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is >= 0 and var at ? new TimeSpan(Units[at].Ticks) : null;

    /// <summary>A number of seconds, of any numeric type; null when it is none.</summary>
    /// <exception cref="OverflowException">It is longer than a [timespan] can be.</exception>
    public static TimeSpan? OfSeconds(object number) => number switch
    {
        byte or sbyte or short or ushort or int or uint or long or ulong or decimal => OfTicks(Convert.ToDecimal(number, CultureInfo.InvariantCulture), TimeSpan.TicksPerSecond),
        Half seconds => OfSeconds((double)seconds),
        float seconds => OfSeconds((double)seconds),
        double seconds => double.IsNaN(seconds) ? null : TimeSpan.FromSeconds(seconds),
        BigInteger seconds => OfTicks((decimal)seconds, TimeSpan.TicksPerSecond),
        _ => null,
    };

    /// <summary>Text in one of the forms; null when it is none.</summary>
    /// <exception cref="OverflowException">It is longer than a [timespan] can be.</exception>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return OfTicks(seconds, TimeSpan.TicksPerSecond);
        if (text.Contains(':', StringComparison.Ordinal)) return Clock(text);
        return UnitsPattern().Match(text) is { Success: true } match ? Sum(match) : null;
    }

    private static TimeSpan? Sum(Match match)
    {
        var sum = TimeSpan.Zero;
        var last = TimeSpan.MaxValue;
        for (var i = 0; i < match.Groups["unit"].Captures.Count; i++)
        {
            // Each unit once, the larger one first: 5m1h is a slip.
            if (OfUnit(match.Groups["unit"].Captures[i].Value) is not { } unit || unit >= last) return null;
            sum += OfTicks(decimal.Parse(match.Groups["number"].Captures[i].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture), unit.Ticks);
            last = unit;
        }
        return match.Groups["minus"].Success ? -sum : sum;
    }

    /// <summary>hh:mm, hh:mm:ss, d.hh:mm:ss or d:hh:mm:ss.</summary>
    private static TimeSpan? Clock(string text)
    {
        if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)) return null;
        // .NET takes 24:00:00 for 24 days; whoever writes it means hours.
        var saysDays = text.AsSpan(0, text.IndexOf(':', StringComparison.Ordinal)).Contains('.') || text.AsSpan().Count(':') == 3;
        return time.Days != 0 && !saysDays ? null : time;
    }

    private static TimeSpan OfTicks(decimal count, long ticks) => new(decimal.ToInt64(decimal.Round(count * ticks)));

    [GeneratedRegex(@"\A(?<minus>-)?(?:(?<number>[0-9]{1,20}(?:\.[0-9]{1,9})?)\s*(?<unit>[a-z]+)\s*)+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UnitsPattern();
}
