using System.Runtime.CompilerServices;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>What reads jobs: one by one, many by their ids, or by what they are.</summary>
public sealed partial class JobClient
{
    /// <summary>About so many bytes are read by one call: what else goes over a slow link does not wait for them long.</summary>
    private const int MostBytes = CallSize.Small;

    /// <summary>Of them so many may be data where large data are left out.</summary>
    private const int MostDataBytes = 128 << 10;

    /// <summary>Reads a job.</summary>
    /// <exception cref="JobNotFoundException">There is none.</exception>
    public async Task<ScheduledJob> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (await FindAsync([id], cancellationToken).ConfigureAwait(false))[0] ?? throw new JobNotFoundException(id);

    /// <summary>Reads jobs; null where there is none, in the order asked.</summary>
    public Task<IReadOnlyList<ScheduledJob?>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        FindAsync(ids, omitLargeData: false, cancellationToken);

    /// <summary>Reads jobs; null where there is none, in the order asked.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="omitLargeData">Whether to leave out data beyond 128 KB for up to 500 jobs (<see cref="ScheduledJob.DataIsOmitted"/>).</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<ScheduledJob?>> FindAsync(IReadOnlyList<string> ids, bool omitLargeData, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var jobs = new List<ScheduledJob?>(ids.Count);
        while (jobs.Count < ids.Count)
            jobs.AddRange(await ReadAsync(ids, jobs.Count, omitLargeData, MostBytes, cancellationToken).ConfigureAwait(false));
        return jobs;
    }

    /// <summary>Reads the first of these jobs, with their data: as many as come to about so many bytes, and at least one. Null where there is none.</summary>
    public Task<IReadOnlyList<ScheduledJob?>> FindFirstAsync(IReadOnlyList<string> ids, int bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ReadAsync(ids, 0, omitLargeData: false, bytes, cancellationToken);
    }

    /// <summary>
    /// Lists jobs: without statuses by creation, newest first; with statuses one status after the other, each by the time it is ordered by in the
    /// store (saved: created, scheduled: due, ended: end). Which jobs are listed is settled at the start: each of them comes once, as it is when it is read,
    /// whatever is scheduled or changed meanwhile; only one that is removed before it is read does not come.
    /// </summary>
    public async IAsyncEnumerable<ScheduledJob> QueryAsync(JobQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var ids = await new JobListing(_store, query).ReadAsync(cancellationToken).ConfigureAwait(false);
        for (var read = 0; read < ids.Count;)
        {
            var page = await ReadAsync(ids, read, query.OmitLargeData, MostBytes, cancellationToken).ConfigureAwait(false);
            read += page.Count;
            foreach (var job in page)
            {
                if (job is not null) yield return job;
            }
        }
    }

    /// <summary>Counts jobs that match (Skip and First aside).</summary>
    public Task<long> CountAsync(JobQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new JobListing(_store, query).CountAsync(cancellationToken);
    }

    /// <summary>Reads jobs from ids[start] on: as many as one call takes.</summary>
    private async Task<IReadOnlyList<ScheduledJob?>> ReadAsync(IReadOnlyList<string> ids, int start, bool omitLargeData, int bytes, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
        [
            bytes, omitLargeData ? MostDataBytes : int.MaxValue, string.Join(' ', JobHash.Fields),
            .. Enumerable.Range(start, Math.Min(ChunkSize, ids.Count - start)).Select(i => (RedisValue)ids[i]),
        ];
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetJobsByIds, arguments, cancellationToken, bytes).ConfigureAwait(false))!;
        var now = (long)reply[0];
        return [.. reply.Skip(1).Select((job, i) => JobHash.ReadValues(ids[start + i], (RedisResult[])job!, now))];
    }
}
