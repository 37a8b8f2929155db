using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>A recurring job as a schedule, as it stood when it was read. Times are local.</summary>
public sealed class JobScheduleInfo
{
    private readonly ScheduledJob _job;

    internal JobScheduleInfo(ScheduledJob job, int times)
    {
        _job = job;
        var upcoming = Upcoming(job, Math.Max(times, 1));
        Next = upcoming.Length > 0 ? upcoming[0] : null;
        Times = times == 0 ? [] : upcoming;
    }

    /// <summary>Its unique key; null: it has none.</summary>
    public string? UniqueKey => _job.UniqueKey;

    /// <summary>The job's type.</summary>
    public string Type => _job.Type;

    /// <summary>When it runs, in words.</summary>
    public string Rhythm => Formatting.Rhythm.Of(Every, Cron, TimeZone);

    /// <summary>When it runs next; null while it is held.</summary>
    public DateTime? Next { get; }

    /// <summary>With -Next: its next times.</summary>
    public IReadOnlyList<DateTime> Times { get; }

    /// <summary>When its last run ended.</summary>
    public DateTime? Last => _job.Finished?.LocalDateTime;

    /// <summary>How its last attempt ended.</summary>
    public JobStatus? LastStatus => _job.Error is not null ? JobStatus.Failed : _job.Finished is not null ? JobStatus.Finished : null;

    /// <summary>Why that failed.</summary>
    public JobError? LastError => _job.Error;

    /// <summary>The job's id.</summary>
    public string Id => _job.Id;

    /// <summary>Where the job stands.</summary>
    public JobStatus Status => _job.Status;

    /// <summary>The queue it runs from.</summary>
    public string Queue => _job.Queue;

    /// <summary>The rhythm it is repeated at.</summary>
    public TimeSpan? Every => _job.Every;

    /// <summary>The cron expression it is repeated by.</summary>
    public string? Cron => _job.Cron;

    /// <summary>The time zone of the cron expression.</summary>
    public string? TimeZone => _job.TimeZone;

    /// <summary>The id, so that a schedule can be given wherever a job is asked for.</summary>
    public override string ToString() => Id;

    private static DateTime[] Upcoming(ScheduledJob job, int count)
    {
        try
        {
            return [.. JobClient.NextTimes(job, DateTimeOffset.UtcNow).Take(count).Select(time => time.LocalDateTime)];
        }
        catch (JobsException)
        {
            // This machine does not know the zone; those that run it may.
            return job.Due is { } due ? [due.LocalDateTime] : [];
        }
    }
}
