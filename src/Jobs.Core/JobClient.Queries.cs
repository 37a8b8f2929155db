using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>What is known beside the jobs themselves: details, counts, types, pools.</summary>
public sealed partial class JobClient
{
    private const int RateMinutes = 10;

    /// <summary>What the handler put out in its last finished attempt; null when nothing.</summary>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    public async Task<JobOutput?> GetOutputAsync(string id, CancellationToken cancellationToken = default)
    {
        var reply = await DetailsAsync(id, "output", 0, cancellationToken).ConfigureAwait(false);
        return OutputJson.Read((string?)reply[1]);
    }

    /// <summary>The job's log from entry <paramref name="from"/> on.</summary>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    public async Task<IReadOnlyList<JobLogEntry>> GetLogAsync(string id, int from = 0, CancellationToken cancellationToken = default) =>
        (await ReadLogAsync(id, from, cancellationToken).ConfigureAwait(false)).Entries;

    /// <summary>The job's log from entry <paramref name="from"/> on, and where to go on: entries that can't be read count, too.</summary>
    internal async Task<(IReadOnlyList<JobLogEntry> Entries, int Next)> ReadLogAsync(string id, int from, CancellationToken cancellationToken)
    {
        var entries = await EntriesAsync(id, "log", from, cancellationToken).ConfigureAwait(false);
        return ([.. entries.Select(entry => JobHash.ReadJson(entry, CoreJson.Default.JobLogEntry)).OfType<JobLogEntry>()], from + entries.Count);
    }

    /// <summary>The last runs (at most 50) of a recurring job, newest first.</summary>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    public async Task<IReadOnlyList<JobRunRecord>> GetRunsAsync(string id, CancellationToken cancellationToken = default)
    {
        var entries = await EntriesAsync(id, "runs", 0, cancellationToken).ConfigureAwait(false);
        return
        [
            .. from entry in entries
               let run = JobHash.ReadJson(entry, CoreJson.Default.RunEntry)
               where run is not null
               select new JobRunRecord
               {
                   Started = JobHash.Instant(Number(run.Started)),
                   Finished = JobHash.Instant(Number(run.Finished)),
                   Status = run.Status == "finished" ? JobStatus.Finished : JobStatus.Failed,
                   Error = JobHash.ReadJson(run.Error, CoreJson.Default.JobError)?.Message,
                   PoolId = run.Pool,
               },
        ];
    }

    /// <summary>All entries from one on, a page at a time.</summary>
    private async Task<List<string>> EntriesAsync(string id, string what, int from, CancellationToken cancellationToken)
    {
        var entries = new List<string>();
        RedisResult[] page;
        do
        {
            page = await DetailsAsync(id, what, from + entries.Count, cancellationToken).ConfigureAwait(false);
            entries.AddRange(page.Skip(2).Select(entry => (string)entry!));
        }
        while (page.Length > 2);
        return entries;
    }

    private async Task<RedisResult[]> DetailsAsync(string id, string what, int from, CancellationToken cancellationToken)
    {
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetJobDetails, [id, what, from, CallSize.Small], cancellationToken).ConfigureAwait(false))!;
        return (long)reply[0] == 1 ? reply : throw new JobNotFoundException(id);
    }

    /// <summary>Counts by status and type, rates and durations: the total ("*") first, then each type.</summary>
    public async Task<IReadOnlyList<JobSummary>> SummarizeAsync(CancellationToken cancellationToken = default)
    {
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetSummary, [RateMinutes], cancellationToken).ConfigureAwait(false))!;
        var counts = Counted((RedisResult[])reply[1]!).ToList();
        var ended = reply.Skip(3).SelectMany(minute => Pairs((RedisResult[])minute!)).ToList();
        // The last of the minutes is under way: it counts for its part.
        var minutes = RateMinutes + ((long)reply[0] % 60_000) / 60_000.0;

        JobSummary Summarize(string name, Func<string, bool> matches)
        {
            long Sum(string what) => ended.Where(pair => pair.Key.StartsWith(what + ":", StringComparison.Ordinal) && matches(pair.Key[(what.Length + 1)..])).Sum(pair => pair.Value);
            var (finished, failed) = (Sum("finished"), Sum("failed"));
            return new JobSummary
            {
                Type = name,
                Counts = Enum.GetValues<JobStatus>().ToDictionary(status => status, status => counts.Where(entry => entry.Status == status && matches(entry.Type)).Sum(entry => entry.Count)),
                FinishedPerMinute = finished / minutes,
                FailedPerMinute = failed / minutes,
                AverageDuration = finished + failed == 0 ? null : TimeSpan.FromMilliseconds((double)Sum("ms") / (finished + failed)),
            };
        }

        var types = counts.Where(entry => entry.Count > 0).Select(entry => entry.Type).Distinct().Order(StringComparer.Ordinal);
        return [Summarize("*", _ => true), .. types.Select(type => Summarize(type, name => name == type))];
    }

    /// <summary>Types known to the store, by name.</summary>
    public async Task<IReadOnlyList<JobTypeInfo>> GetTypesAsync(CancellationToken cancellationToken = default)
    {
        var counts = await CountedAsync(cancellationToken).ConfigureAwait(false);
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetTypes, [], cancellationToken).ConfigureAwait(false))!;
        var published = reply.Select(fields => TypeHash.Read((RedisResult[])fields!)).ToList();
        // Jobs can be scheduled before any pool has published their type.
        var unpublished = counts.Where(entry => entry.Count != 0).Select(entry => entry.Type).Except(published.Select(type => type.Name))
            .Select(name => TypeHash.Read([RedisResult.Create((RedisValue)name)]));
        return
        [
            .. from type in published.Concat(unpublished)
               orderby type.Name
               select type with
               {
                   Counts = Enum.GetValues<JobStatus>().ToDictionary(status => status, status => counts.Where(entry => entry.Status == status && entry.Type == type.Name).Sum(entry => entry.Count)),
               },
        ];
    }

    /// <summary>Pauses or resumes a type in all pools.</summary>
    /// <exception cref="JobsException">JobTypeNotFound: no pool has published it, no job of it was ever scheduled, and this process does not know it.</exception>
    public async Task SetTypePausedAsync(string type, bool paused, CancellationToken cancellationToken = default)
    {
        if (_types.TryGet(type, out var known)) await _store.RunAsync(Scripts.PublishTypes, TypeHash.Write([], [known]), cancellationToken).ConfigureAwait(false);
        var reply = await _store.RunAsync(Scripts.PauseType, [type, paused ? 1 : 0], cancellationToken).ConfigureAwait(false);
        if ((long)reply == 0)
            throw new JobsException(JobsError.JobTypeNotFound, $"No job type '{type}': neither this session nor any pool of this store has registered it, and no job of it was scheduled.") { Target = type };
    }

    /// <summary>Pools of the store that have a record: running, stopping, or stale for less than a day.</summary>
    public async Task<IReadOnlyList<PoolInfo>> GetPoolsAsync(CancellationToken cancellationToken = default)
    {
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetPools, [], cancellationToken).ConfigureAwait(false))!;
        return [.. reply.Skip(1).Select(fields => PoolHash.Read((RedisResult[])fields!, (long)reply[0])).OfType<PoolInfo>().OrderBy(pool => pool.Started)];
    }

    /// <summary>Asks a pool, wherever it runs, to stop. Does not wait.</summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="grace">How long its running jobs may go on; null: the pool's own shutdown time-out; zero: stop them at once.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="JobsException">PoolNotFound.</exception>
    public async Task RequestPoolStopAsync(string poolId, TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        Validate.Grace(grace, nameof(grace));
        RedisValue[] arguments = [poolId, "ask", grace is { } time ? JobHash.Text(JobHash.Ms(time)) : ""];
        if ((long)await _store.RunAsync(Scripts.StopPool, arguments, cancellationToken).ConfigureAwait(false) == 0)
            throw new JobsException(JobsError.PoolNotFound, $"No pool '{poolId}' in this store. Get-JobPool lists them.") { Target = poolId };
    }

    private async Task<IReadOnlyList<(JobStatus Status, string Type, long Count)>> CountedAsync(CancellationToken cancellationToken)
    {
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetSummary, [0], cancellationToken).ConfigureAwait(false))!;
        return [.. Counted((RedisResult[])reply[1]!)];
    }

    private static IEnumerable<(JobStatus Status, string Type, long Count)> Counted(RedisResult[] counts) =>
        from pair in Pairs(counts)
        let colon = pair.Key.IndexOf(':', StringComparison.Ordinal)
        let status = colon > 0 ? HashReader.Parse<JobStatus>(pair.Key.AsSpan(0, colon)) : null
        let type = pair.Key[(colon + 1)..]
        where status is not null && type.Length > 0
        select (status.Value, type, pair.Value);

    private static IEnumerable<KeyValuePair<string, long>> Pairs(RedisResult[] fields)
    {
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            if (((RedisValue)fields[i + 1]).TryParse(out long number) && number is > -HashReader.MostCounted and < HashReader.MostCounted) yield return new((string)fields[i]!, number);
        }
    }

    private static long Number(string text) => long.TryParse(text, out var number) ? number : 0;
}
