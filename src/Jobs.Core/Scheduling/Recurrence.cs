using Cronos;

namespace Jobs.Core.Scheduling;

/// <summary>The times of a recurring job: a pure function of its definition.</summary>
internal abstract class Recurrence
{
    /// <summary>The first regular time after another.</summary>
    /// <param name="occurrence">A regular time.</param>
    /// <param name="after">The time to go beyond; at least <paramref name="occurrence"/>.</param>
    public abstract DateTimeOffset Next(DateTimeOffset occurrence, DateTimeOffset after);

    /// <summary>The recurrence of a job; null when it has none.</summary>
    /// <exception cref="JobsException">InvalidCron, TimeZoneNotFound.</exception>
    public static Recurrence? Of(ScheduledJob job) =>
        job.Every is { } every ? new EveryRecurrence(every) : job.Cron is { } cron ? CronRecurrence.Parse(cron, job.TimeZone) : null;

    /// <summary>Whether a later regular time has passed too, so that this one counts as missed.</summary>
    public bool IsMissed(DateTimeOffset occurrence, DateTimeOffset now) => Next(occurrence, occurrence) <= now;

    /// <summary>When a job goes on after the run of an occurrence.</summary>
    public DateTimeOffset NextAfterRun(DateTimeOffset occurrence, DateTimeOffset now, MissedPolicy missed) => missed switch
    {
        MissedPolicy.RunAll => Next(occurrence, occurrence),
        // What passed during the run itself was not missed for want of a pool: the job does not overlap with itself, and goes on.
        _ => Next(occurrence, now > occurrence ? now : occurrence),
    };
}

/// <summary>A fixed rhythm from the first time: it does not drift.</summary>
internal sealed class EveryRecurrence(TimeSpan every) : Recurrence
{
    public override DateTimeOffset Next(DateTimeOffset occurrence, DateTimeOffset after)
    {
        var steps = Math.Max(0, (after - occurrence).Ticks / every.Ticks) + 1;
        if (steps > (DateTimeOffset.MaxValue - occurrence).Ticks / every.Ticks)
            throw new JobsException(JobsError.InvalidSchedule, $"Its next time, {steps:N0} times {every} after {occurrence:u}, lies beyond the calendar's end.");
        return occurrence.AddTicks(steps * every.Ticks);
    }
}

/// <summary>The times of a cron expression, as Cronos understands it.</summary>
internal sealed class CronRecurrence : Recurrence
{
    private const string Fields = "Use five fields (minute hour day month weekday), or six with seconds first.";

    private readonly CronExpression _expression;
    private readonly TimeZoneInfo _zone;
    private readonly WallClock? _wall;

    private CronRecurrence(CronExpression expression, TimeZoneInfo zone, WallClock? wall) => (_expression, _zone, _wall) = (expression, zone, wall);

    public static CronRecurrence Parse(string expression, string? timeZone)
    {
        var zone = string.IsNullOrEmpty(timeZone) ? TimeZoneInfo.Utc : Zones.Find(timeZone);
        var fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (5 or 6) && fields is not [['@', ..]])
            throw new JobsException(JobsError.InvalidCron, $"'{expression}' is not a cron expression: it has {fields.Length} field{(fields.Length == 1 ? "" : "s")}. {Fields}") { Target = expression };
        try
        {
            var parsed = CronExpression.Parse(expression, fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
            // As Cronos tells intervals from times of the day.
            var isInterval = fields is ["@hourly" or "@every_minute" or "@every_second"] || fields.SkipLast(3).Any(field => field.AsSpan().ContainsAny('*', '-', '/'));
            return new CronRecurrence(parsed, zone, WallClock.IsNeededFor(zone) ? new WallClock(parsed, zone, isInterval) : null);
        }
        catch (Exception e) when (e is CronFormatException or ArgumentException)
        {
            throw new JobsException(JobsError.InvalidCron, $"'{expression}' is not a cron expression: {e.Message} {Fields}", e) { Target = expression };
        }
    }

    public override DateTimeOffset Next(DateTimeOffset occurrence, DateTimeOffset after) => First(after, inclusive: false);

    /// <exception cref="JobsException">InvalidCron, when it never matches again.</exception>
    public DateTimeOffset First(DateTimeOffset from, bool inclusive) =>
        (_wall is null ? _expression.GetNextOccurrence(from, _zone, inclusive) : _wall.Next(from, inclusive))
        ?? throw new JobsException(JobsError.InvalidCron, $"The cron expression '{_expression}' never matches after {from:u}.") { Target = _expression.ToString() };
}
