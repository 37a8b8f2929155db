using Jobs.Core.Redis;

namespace Jobs.Core.Pools;

/// <summary>What a pool's roles share: who it is, where its store is, what it runs, and its voice.</summary>
internal sealed class PoolContext(StoreConnection store, PoolOptions options, IReadOnlyDictionary<string, JobType> types, Action<PoolEvent> raise)
{
    public string Id { get; } = Ulid.NewUlid().ToString();

    public string HostName { get; } = Environment.MachineName;

    public StoreConnection Store => store;

    public PoolOptions Options => options;

    public IReadOnlyDictionary<string, JobType> Types => types;

    public TimeProvider Time => store.Time;

    public StoreClock Clock { get; } = new(store.Time);

    public bool IsVerbose => options.Verbose;

    public void Say(string message, string? jobId = null) => raise(new PoolEvent(PoolEventLevel.Verbose, message, jobId));

    public void Warn(string message, string? jobId = null) => raise(new PoolEvent(PoolEventLevel.Warning, message, jobId));
}
