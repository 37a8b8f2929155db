using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>What a job gets to know of the jobs that it waited for.</summary>
public sealed partial class JobClient
{
    /// <summary>The jobs that a job was scheduled after, in that order, with their outputs.</summary>
    public Task<IReadOnlyList<JobParent>> GetParentsAsync(ScheduledJob job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return ReadParentsAsync(_store, job.After, cancellationToken);
    }

    internal static async Task<IReadOnlyList<JobParent>> ReadParentsAsync(StoreConnection store, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var parents = new List<JobParent>(ids.Count);
        while (parents.Count < ids.Count)
        {
            RedisValue[] arguments = [CallSize.Small, .. ids.Skip(parents.Count).Take(ChunkSize).Select(id => (RedisValue)id)];
            var reply = (RedisResult[])(await store.RunAsync(Scripts.GetParents, arguments, cancellationToken).ConfigureAwait(false))!;
            foreach (var parent in reply) parents.Add(Parent(ids[parents.Count], (RedisResult[])parent!));
        }
        return parents;
    }

    private static JobParent Parent(string id, RedisResult[] found) => found.Length == 0
        ? new JobParent(id, null, null, null)
        : new JobParent(id, (string?)found[0], HashReader.Parse<JobStatus>((string?)found[1]), OutputJson.Read((string?)found[2]));
}
