using Jobs.Core;

namespace Jobs.PowerShell.Scheduling;

/// <summary>Options of time that exclude one another, and PowerShell's times as the engine's.</summary>
internal static class ScheduleTimes
{
    public static void Check(bool at, bool @in, bool every, bool cron, bool timeZone)
    {
        if (at && @in) throw Refuse("-At and -In exclude one another: each says when the job is first due.");
        if (every && cron) throw Refuse("-Every and -Cron exclude one another: each says when the job is repeated.");
        if (timeZone && !cron) throw Refuse("-TimeZone is the zone of a cron expression: give -Cron too.");
    }

    /// <summary>A time without a zone is local.</summary>
    public static DateTimeOffset Instant(DateTime time)
    {
        try
        {
            return new DateTimeOffset(time);
        }
        catch (ArgumentOutOfRangeException)
        {
            // The first and the last hours of the calendar, in zones that would push them over its ends.
            return new DateTimeOffset(time.Ticks, TimeSpan.Zero);
        }
    }

    public static JobsException Refuse(string message) => new(JobsError.InvalidSchedule, message);
}
