using System.Runtime.CompilerServices;
using Jobs.Core.Scheduling;

namespace Jobs.Core;

/// <summary>What reads recurring jobs.</summary>
public sealed partial class JobClient
{
    private static readonly JobStatus[] s_unfinished = [JobStatus.Scheduled, JobStatus.Queued, JobStatus.Executing, JobStatus.Saved];

    /// <summary>Lists the recurring jobs that have not ended. It looks at the jobs that have not ended, and at no history.</summary>
    /// <param name="types">Of one of these types; with PowerShell's wildcards, in any case. Empty: of any.</param>
    /// <param name="omitLargeData">As of <see cref="JobQuery.OmitLargeData"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async IAsyncEnumerable<ScheduledJob> GetSchedulesAsync(IReadOnlyList<string> types, bool omitLargeData, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new JobQuery { Statuses = s_unfinished, Types = types, OmitLargeData = omitLargeData };
        await foreach (var job in QueryAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (job.IsRecurring) yield return job;
        }
    }

    /// <summary>The job as a request would make it, but for what the store decides. Nothing is scheduled.</summary>
    /// <exception cref="JobsException">What is wrong with the request.</exception>
    internal async Task<ScheduledJob> PreviewAsync(JobRequest request, CancellationToken cancellationToken = default)
    {
        var defaults = await DefaultsAsync(request.Type, cancellationToken).ConfigureAwait(false);
        return JobPlan.Make(request, _ids.Next(), defaults, _store.Time.GetUtcNow()).Job;
    }

    /// <summary>The next times of a recurring job: a retry that it waits for first, then its regular ones, without end where its recurrence has none. None of a job that is held, or has ended.</summary>
    /// <exception cref="JobsException">TimeZoneNotFound, InvalidCron.</exception>
    public static IEnumerable<DateTimeOffset> NextTimes(ScheduledJob job, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.HasEnded || job.Status == JobStatus.Saved || Recurrence.Of(job) is not { } recurrence) yield break;
        var occurrence = job.Occurrence ?? job.Due ?? now;
        DateTimeOffset? next;
        if (job.Status == JobStatus.Executing)
        {
            next = Try(() => recurrence.NextAfterRun(occurrence, now, job.Missed));
        }
        else
        {
            var due = job.Due ?? occurrence;
            yield return due;
            next = Try(() => recurrence.Next(occurrence, due > occurrence ? due : occurrence));
        }
        for (; next is { } time; next = Try(() => recurrence.Next(time, time))) yield return time;

        // A recurrence may come to its end.
        static DateTimeOffset? Try(Func<DateTimeOffset> next)
        {
            try
            {
                return next();
            }
            catch (JobsException)
            {
                return null;
            }
        }
    }
}
