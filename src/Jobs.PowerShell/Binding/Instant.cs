using System.Globalization;

namespace Jobs.PowerShell.Binding;

/// <summary>Times as users write them.</summary>
internal static class Instant
{
    public const string Forms = "Give a [datetime], a [datetimeoffset], or text such as '2030-06-01 08:00', '2030-06-01T08:00:00Z', or a clock time such as '03:00'.";

    /// <summary>Text as a time; null when it is none.</summary>
    /// <param name="text">A date with or without a time: in ISO 8601, else as the culture writes it; or a clock time alone.</param>
    /// <param name="now">The local time now.</param>
    /// <param name="lies">Where a clock time alone lies: +1 for the next such time, -1 for the last one.</param>
    /// <param name="culture">The user's.</param>
    public static DateTime? Parse(string text, DateTime now, int lies, CultureInfo culture)
    {
        if (IsIso(text)) culture = CultureInfo.InvariantCulture;
        else if (TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var clock) || TimeOnly.TryParse(text, culture, out clock)) return OfClock(clock, now, lies);
        // As a [datetime] in UTC no hour is ambiguous.
        return DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeLocal, out var time) ? time.UtcDateTime : null;
    }

    /// <summary>The next, or the last, time that the clock shows this.</summary>
    public static DateTime OfClock(TimeOnly clock, DateTime now, int lies)
    {
        var time = DateTime.SpecifyKind(now.Date, DateTimeKind.Local) + clock.ToTimeSpan();
        return lies > 0 && time <= now || lies < 0 && time > now ? time.AddDays(lies) : time;
    }

    // Cultures read 2030-06-01 by their own order and calendar.
    private static bool IsIso(string text) =>
        text.AsSpan().TrimStart() is var start && start.Length >= 10 && DateTime.TryParseExact(start[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
