using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>What a job gets to know of the jobs that it waited for.</summary>
public sealed partial class JobClient
{
    /// <summary>How many outputs, of up to 1 MiB each, one call reads.</summary>
    private const int ParentsAtOnce = 50;

    /// <summary>The jobs that a job was scheduled after, in that order, with their outputs.</summary>
    public Task<IReadOnlyList<JobParent>> GetParentsAsync(ScheduledJob job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return ReadParentsAsync(_store, job.After, cancellationToken);
    }

    internal static async Task<IReadOnlyList<JobParent>> ReadParentsAsync(StoreConnection store, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var parents = new List<JobParent>(ids.Count);
        foreach (var some in ids.Chunk(ParentsAtOnce))
        {
            var reply = (RedisResult[])(await store.RunAsync(Scripts.GetParents, [.. some.Select(id => (RedisValue)id)], cancellationToken).ConfigureAwait(false))!;
            parents.AddRange(some.Select((id, i) => Parent(id, (RedisResult[])reply[i]!)));
        }
        return parents;
    }

    private static JobParent Parent(string id, RedisResult[] found) => found.Length == 0
        ? new JobParent(id, null, null, null)
        : new JobParent(id, (string?)found[0], Enum.Parse<JobStatus>((string)found[1]!, ignoreCase: true), OutputJson.Read((string?)found[2]));
}
