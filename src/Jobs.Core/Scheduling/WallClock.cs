using Cronos;

namespace Jobs.Core.Scheduling;

/// <summary>
/// A cron expression in a zone whose summer time is its standard time and whose winter time is the exception (Dublin, Casablanca). TimeZoneInfo does
/// not tell ambiguous and missing times there as Cronos expects, which then gives times that are not later than the one it is asked from.
/// Here Cronos only reads the wall clock, and the zone only tells its offset at an instant; the rules for both change days are Cronos's.
/// </summary>
/// <param name="expression">The expression.</param>
/// <param name="zone">The zone.</param>
/// <param name="isInterval">Whether it runs in both passes of an hour that comes twice.</param>
internal sealed class WallClock(CronExpression expression, TimeZoneInfo zone, bool isInterval)
{
    /// <summary>No clock is moved by more.</summary>
    private static readonly TimeSpan Vicinity = TimeSpan.FromHours(3);

    public static bool IsNeededFor(TimeZoneInfo zone) => zone.GetAdjustmentRules().Any(rule => rule.DaylightDelta < TimeSpan.Zero);

    public DateTimeOffset? Next(DateTimeOffset from, bool inclusive)
    {
        DateTime utc = from.UtcDateTime, wall = utc + zone.GetUtcOffset(utc);
        DateTime? best = null;
        for (var next = Following(IsQuiet(utc) ? wall : wall - Vicinity, inclusive: true); next is { } time; next = Following(time, inclusive: false))
        {
            if (best is { } found && (IsQuiet(found) || time > found + zone.GetUtcOffset(found) + Vicinity)) break;
            foreach (var instant in Instants(time))
            {
                if ((instant > utc || inclusive && instant == utc) && (best is null || instant < best)) best = instant;
            }
        }
        return best;
    }

    private DateTime? Following(DateTime wall, bool inclusive) => expression.GetNextOccurrence(DateTime.SpecifyKind(wall, DateTimeKind.Utc), inclusive);

    /// <summary>Whether clocks are not moved around an instant.</summary>
    private bool IsQuiet(DateTime utc) => zone.GetUtcOffset(utc - Vicinity) == zone.GetUtcOffset(utc + Vicinity);

    /// <summary>When the wall clock shows a time: at one instant, at two, or, when it never does, when the gap ends.</summary>
    private IEnumerable<DateTime> Instants(DateTime wall)
    {
        TimeSpan before = zone.GetUtcOffset(wall.AddDays(-1)), after = zone.GetUtcOffset(wall.AddDays(1));
        DateTime early = wall - before, late = wall - after;
        var (isEarly, isLate) = (zone.GetUtcOffset(early) == before, zone.GetUtcOffset(late) == after);
        if (isEarly) yield return early;
        if (isLate && (!isEarly || isInterval && late != early)) yield return late;
        if (!isEarly && !isLate) yield return Change(late, early, before);
    }

    /// <summary>The instant, to the second, from which on an offset holds no more.</summary>
    private DateTime Change(DateTime holds, DateTime holdsNoMore, TimeSpan offset)
    {
        while (holdsNoMore - holds > TimeSpan.FromSeconds(1))
        {
            var middle = holds + TimeSpan.FromSeconds(Math.Floor((holdsNoMore - holds).TotalSeconds / 2));
            if (zone.GetUtcOffset(middle) == offset) holds = middle;
            else holdsNoMore = middle;
        }
        return holdsNoMore;
    }
}
