using Jobs.Core.Redis;
using Jobs.Core.Scheduling;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>What changes jobs that are in the store.</summary>
public sealed partial class JobClient
{
    /// <summary>How many jobs one call changes: Redis is busy with them for some 5 ms.</summary>
    private const int ChangesAtOnce = 250;

    /// <summary>Cancels a job; of an executing one the run is stopped wherever it is and the cancel takes effect when it ends. Cancelling a cancelled job changes nothing.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded.</exception>
    public Task<ScheduledJob> CancelAsync(string id, CancellationToken cancellationToken = default) => OneAsync(id, CancelAsync, cancellationToken);

    /// <inheritdoc cref="CancelAsync(string, CancellationToken)"/>
    /// <returns>For each, in their order: why it was refused; null when it was not.</returns>
    public Task<IReadOnlyList<JobsException?>> CancelAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ChangeAsync(ids, Scripts.SetJobStatus, ["cancelled", "Cancelled by a user."], cancellationToken);

    /// <summary>Keeps a job back (status Saved). Of an executing one it takes effect when it would run again.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded.</exception>
    public Task<ScheduledJob> HoldAsync(string id, CancellationToken cancellationToken = default) => OneAsync(id, HoldAsync, cancellationToken);

    /// <inheritdoc cref="HoldAsync(string, CancellationToken)"/>
    /// <returns>For each, in their order: why it was refused; null when it was not.</returns>
    public Task<IReadOnlyList<JobsException?>> HoldAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ChangeAsync(ids, Scripts.SetJobStatus, ["saved", ""], cancellationToken);

    /// <summary>Releases a held job.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded.</exception>
    public Task<ScheduledJob> ResumeAsync(string id, CancellationToken cancellationToken = default) => OneAsync(id, ResumeAsync, cancellationToken);

    /// <inheritdoc cref="ResumeAsync(string, CancellationToken)"/>
    /// <returns>For each, in their order: why it was refused; null when it was not.</returns>
    public Task<IReadOnlyList<JobsException?>> ResumeAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ChangeAsync(ids, Scripts.AddJobToSet, ["resume", ""], cancellationToken);

    /// <summary>Runs an ended job again, now, with all its retries.</summary>
    /// <exception cref="JobsException">JobNotFound, JobNotEnded, JobExists.</exception>
    public Task<ScheduledJob> RestartAsync(string id, CancellationToken cancellationToken = default) => OneAsync(id, RestartAsync, cancellationToken);

    /// <inheritdoc cref="RestartAsync(string, CancellationToken)"/>
    /// <returns>For each, in their order: why it was refused; null when it was not.</returns>
    public Task<IReadOnlyList<JobsException?>> RestartAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ChangeAsync(ids, Scripts.AddJobToSet, ["restart", Ulid.NewUlid().ToString()], cancellationToken);

    /// <summary>Changes when, where or how urgently a job runs. For an executing one a new time takes effect after the run.</summary>
    /// <exception cref="JobsException">JobNotFound, JobEnded, and what is wrong with the change.</exception>
    public Task<ScheduledJob> UpdateAsync(string id, JobChange change, CancellationToken cancellationToken = default) =>
        OneAsync(id, (ids, token) => UpdateAsync(ids, change, token), cancellationToken);

    /// <summary>Changes when, where or how urgently jobs run. For an executing one a new time takes effect after the run.</summary>
    /// <returns>For each, in their order: why it was refused; null when it was not.</returns>
    /// <exception cref="JobsException">What is wrong with the change.</exception>
    public async Task<IReadOnlyList<JobsException?>> UpdateAsync(IReadOnlyList<string> ids, JobChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(change);
        Check(change);
        if (change is not { Cron: not null, TimeZone: null }) return await ChangeAsync(ids, Scripts.SetJobField, await FieldsAsync(change, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

        // A cron expression without a zone is meant in the zone that the job has.
        var jobs = await FindAsync(ids, omitLargeData: true, cancellationToken).ConfigureAwait(false);
        var refusals = new JobsException?[ids.Count];
        foreach (var zone in Enumerable.Range(0, ids.Count).GroupBy(i => jobs[i]?.TimeZone ?? Zones.IanaId(null)))
        {
            var fields = await FieldsAsync(change with { TimeZone = zone.Key }, cancellationToken).ConfigureAwait(false);
            var some = await ChangeAsync([.. zone.Select(i => ids[i])], Scripts.SetJobField, fields, cancellationToken).ConfigureAwait(false);
            foreach (var (i, refusal) in zone.Zip(some)) refusals[i] = refusal;
        }
        return refusals;
    }

    /// <summary>The arguments of set_job_field.lua before the ids.</summary>
    private async Task<RedisValue[]> FieldsAsync(JobChange change, CancellationToken cancellationToken)
    {
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
        if (change is { Cron: { } cron, TimeZone: { } given })
        {
            var zone = Zones.IanaId(given);
            var first = CronRecurrence.Parse(cron, zone).First(at ?? await NowAsync(cancellationToken).ConfigureAwait(false), inclusive: at is not null);
            fields.AddRange(["cron", cron, "tz", zone, "recurs", 1]);
            remove = "freq";
            at = first;
        }
        var (when, time) =
            at is { } instant ? ("at", instant.ToUnixTimeMilliseconds())
            : (change.In ?? change.Every) is { } delay ? ("in", JobHash.Ms(delay))
            : ("", 0L);
        return [Ulid.NewUlid().ToString(), when, time, remove, fields.Count, .. fields];
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
    public async Task<bool> DestroyAsync(string id, bool force = false, CancellationToken cancellationToken = default) =>
        (await DestroyAsync([id], force, cancellationToken).ConfigureAwait(false))[0] switch
        {
            null => true,
            JobNotFoundException => false,
            var refusal => throw refusal,
        };

    /// <summary>Removes every trace of jobs, those that are executing only with <paramref name="force"/>.</summary>
    /// <returns>For each, in their order: why it was not removed (JobExecuting, JobNotFound); null when it was.</returns>
    public Task<IReadOnlyList<JobsException?>> DestroyAsync(IReadOnlyList<string> ids, bool force = false, CancellationToken cancellationToken = default) =>
        ChangeAsync(ids, Scripts.DestroyJob, [force ? 1 : 0], cancellationToken);

    /// <summary>Removes ended jobs. Returns how many.</summary>
    public async Task<long> ClearHistoryAsync(IReadOnlyList<JobStatus> statuses, DateTimeOffset? before = null, IReadOnlyList<string>? typePatterns = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        RedisValue[] types = [.. NamePattern.Compile(typePatterns ?? [])];
        var removed = 0L;
        RedisValue until = before is { } time ? time.ToUnixTimeMilliseconds() : "";
        foreach (var status in statuses.Distinct())
        {
            if (status is not (JobStatus.Finished or JobStatus.Failed or JobStatus.Cancelled))
                throw new JobsException(JobsError.InvalidSchedule, $"Only ended jobs can be cleared: Finished, Failed, Cancelled; not {status}.");
            RedisValue score = "", id = "";
            do
            {
                var reply = (RedisValue[])(await _store.RunAsync(Scripts.ClearHistory, [status.ToString().ToLowerInvariant(), until, ChangesAtOnce, score, id, .. types], cancellationToken).ConfigureAwait(false))!;
                // What ends from now on is not meant: else a busy store would never be cleared.
                (until, score, id) = (reply[0], reply[2], reply[3]);
                removed += (long)reply[1];
            }
            while (id != "");
        }
        return removed;
    }

    private delegate Task<IReadOnlyList<JobsException?>> ManyAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    private async Task<ScheduledJob> OneAsync(string id, ManyAsync change, CancellationToken cancellationToken)
    {
        if ((await change([id], cancellationToken).ConfigureAwait(false))[0] is { } refusal) throw refusal;
        return await GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<JobsException?>> ChangeAsync(IReadOnlyList<string> ids, Script script, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var refusals = new List<JobsException?>(ids.Count);
        foreach (var some in ids.Chunk(ChangesAtOnce))
        {
            var outcomes = (string[])(await _store.RunAsync(script, [.. arguments, .. some.Select(id => (RedisValue)id)], cancellationToken).ConfigureAwait(false))!;
            refusals.AddRange(some.Zip(outcomes, Refusal));
            if (outcomes.Length > some.Length) await SettleAsync(cancellationToken).ConfigureAwait(false);
        }
        return refusals;
    }

    /// <summary>Many jobs waited for what was changed: they are settled some hundred a call.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        RedisValue[] self = [Ulid.NewUlid().ToString()];
        while ((long)await _store.RunAsync(Scripts.SettleChildren, self, cancellationToken).ConfigureAwait(false) == 1) { }
    }

    private static JobsException? Refusal(string id, string outcome) => outcome switch
    {
        "done" or "recorded" => null,
        "missing" => new JobNotFoundException(id),
        "ended" => new JobsException(JobsError.JobEnded, $"Job '{id}' has ended already. Run it again with Restart-ScheduledJob, or remove it.") { Target = id },
        "unfinished" => new JobsException(JobsError.JobNotEnded, $"Job '{id}' has not ended yet; only ended jobs can be restarted.") { Target = id },
        "executing" => new JobsException(JobsError.JobExecuting, $"Job '{id}' is executing. Cancel it first, or remove it all the same (-Force): its run is then stopped and no longer counts.") { Target = id },
        _ => new JobsException(JobsError.JobExists, $"Job '{outcome["taken ".Length..]}', which has not ended yet, has the unique key of job '{id}' now. Wait for it, or cancel it first.") { Target = id },
    };
}
