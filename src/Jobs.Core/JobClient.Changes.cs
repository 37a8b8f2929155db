using Jobs.Core.Redis;
using Jobs.Core.Scheduling;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>What changes jobs that are in the store.</summary>
public sealed partial class JobClient
{
    /// <summary>Cancels a job; of an executing one the run is stopped wherever it is and the cancel takes effect when it ends. Cancelling a cancelled job changes nothing.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded.</exception>
    public async Task<ScheduledJob> CancelAsync(string id, CancellationToken cancellationToken = default)
    {
        await ChangeAsync(id, Scripts.SetJobStatus, ["cancelled", "Cancelled by a user.", id], cancellationToken).ConfigureAwait(false);
        return await GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Keeps a job back (status Saved). Of an executing one it takes effect when it would run again.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded.</exception>
    public async Task<ScheduledJob> HoldAsync(string id, CancellationToken cancellationToken = default)
    {
        await ChangeAsync(id, Scripts.SetJobStatus, ["saved", "", id], cancellationToken).ConfigureAwait(false);
        return await GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Releases a held job.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded.</exception>
    public async Task<ScheduledJob> ResumeAsync(string id, CancellationToken cancellationToken = default)
    {
        await ChangeAsync(id, Scripts.AddJobToSet, ["resume", id], cancellationToken).ConfigureAwait(false);
        return await GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs an ended job again, now, with all its retries.</summary>
    /// <exception cref="JobsException">JobNotFound, JobNotEnded, JobExists.</exception>
    public async Task<ScheduledJob> RestartAsync(string id, CancellationToken cancellationToken = default)
    {
        await ChangeAsync(id, Scripts.AddJobToSet, ["restart", id], cancellationToken).ConfigureAwait(false);
        return await GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes when, where or how urgently a job runs. For an executing one a new time takes effect after the run.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded, and what is wrong with the change.</exception>
    public async Task<ScheduledJob> UpdateAsync(string id, JobChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        Check(change);
        var at = change.At;
        var fields = new List<RedisValue>();
        var remove = "";
        if (change.Priority is { } priority) fields.AddRange(["priority", priority]);
        if (change.Queue is { } queue) fields.AddRange(["queue", queue]);
        if (change.Every is { } every)
        {
            fields.AddRange(["freq", JobHash.Ms(every), "recurs", 1]);
            remove = "cron tz";
        }
        if (change.Cron is { } cron)
        {
            var zone = change.TimeZone ?? (await GetAsync(id, cancellationToken).ConfigureAwait(false)).TimeZone ?? TimeZoneInfo.Local.Id;
            var first = CronRecurrence.Parse(cron, zone).First(at ?? await NowAsync(cancellationToken).ConfigureAwait(false), inclusive: at is not null);
            fields.AddRange(["cron", cron, "tz", zone, "recurs", 1]);
            remove = "freq";
            at = first;
        }
        var (when, time) =
            at is { } instant ? ("at", instant.ToUnixTimeMilliseconds())
            : (change.In ?? change.Every) is { } delay ? ("in", JobHash.Ms(delay))
            : ("", 0L);
        await ChangeAsync(id, Scripts.SetJobField, [id, when, time, remove, .. fields], cancellationToken).ConfigureAwait(false);
        return await GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private static void Check(JobChange change)
    {
        Validate.Priority(change.Priority);
        if (change.Queue is not null) Validate.Name(change.Queue, "queue");
        Validate.Positive(change.Every, nameof(change.Every));
        Validate.Delay(change.In, nameof(change.In));
        if (change is { At: not null, In: not null } or { Every: not null, Cron: not null } or { Cron: not null, In: not null })
            throw new JobsException(JobsError.InvalidSchedule, "Give one of At and In, and one of Every and Cron; Cron goes with At, not with In.");
        if (change.TimeZone is not null && change.Cron is null)
            throw new JobsException(JobsError.InvalidSchedule, "A time zone goes with Cron.");
    }

    /// <summary>Removes every trace of a job. False when there was none.</summary>
    /// <exception cref="JobsException">JobExecuting, unless <paramref name="force"/>.</exception>
    public async Task<bool> DestroyAsync(string id, bool force = false, CancellationToken cancellationToken = default)
    {
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.DestroyJob, [force ? 1 : 0, id], cancellationToken).ConfigureAwait(false))!;
        return (string?)reply[0] switch
        {
            "executing" => throw new JobsException(JobsError.JobExecuting, $"Job '{id}' is executing. Cancel it first, or remove it all the same (-Force): its run is then stopped and no longer counts.") { Target = id },
            var outcome => outcome == "done",
        };
    }

    /// <summary>Removes ended jobs. Returns how many.</summary>
    public async Task<long> ClearHistoryAsync(IReadOnlyList<JobStatus> statuses, DateTimeOffset? before = null, IReadOnlyList<string>? typePatterns = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        RedisValue[] types = [.. Patterns(typePatterns ?? [])];
        var removed = 0L;
        var until = (before ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds();
        foreach (var status in statuses.Distinct())
        {
            if (status is not (JobStatus.Finished or JobStatus.Failed or JobStatus.Cancelled))
                throw new JobsException(JobsError.InvalidSchedule, $"Only ended jobs can be cleared: Finished, Failed, Cancelled; not {status}.");
            for (long kept = 0, looked = ChunkSize; looked == ChunkSize;)
            {
                var reply = (RedisResult[])(await _store.RunAsync(Scripts.ClearHistory, [status.ToString().ToLowerInvariant(), until, kept, ChunkSize, .. types], cancellationToken).ConfigureAwait(false))!;
                looked = (long)reply[0];
                removed += (long)reply[1];
                kept += looked - (long)reply[1];
            }
        }
        return removed;
    }

    private async Task ChangeAsync(string id, Script script, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await _store.RunAsync(script, arguments, cancellationToken).ConfigureAwait(false);
        var outcome = (string)(reply.Resp2Type == ResultType.Array ? ((RedisResult[])reply!)[0] : reply)!;
        if (outcome is "done" or "recorded") return;
        throw outcome switch
        {
            "missing" => new JobNotFoundException(id),
            "ended" => new JobsException(JobsError.JobEnded, $"Job '{id}' has ended already. Run it again with Restart-ScheduledJob, or remove it.") { Target = id },
            "unfinished" => new JobsException(JobsError.JobNotEnded, $"Job '{id}' has not ended yet; only ended jobs can be restarted.") { Target = id },
            _ => (JobsException)new JobExistsException(id, outcome["taken ".Length..]),
        };
    }
}
