using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>What decides whether the jobs of a listing can run: read when first asked for, once for all of them.</summary>
internal sealed class StoreSituation(JobClient client)
{
    private readonly Lazy<IReadOnlyList<JobTypeInfo>> _types = new(() => client.GetTypesAsync().GetAwaiter().GetResult());
    private readonly Lazy<IReadOnlyList<PoolInfo>> _pools = new(() => client.GetPoolsAsync().GetAwaiter().GetResult());

    public IReadOnlyList<JobTypeInfo> Types => _types.Value;

    public IReadOnlyList<PoolInfo> Pools => _pools.Value;

    public DateTimeOffset Now { get; } = DateTimeOffset.Now;

    public IReadOnlyList<ScheduledJob?> Find(IReadOnlyList<string> ids) => client.FindAsync(ids).GetAwaiter().GetResult();
}
