using Jobs.Core.Redis;

namespace Jobs.Core.Pools;

/// <summary>What a pool's roles share: who it is, where its store is, what it runs, and its voice.</summary>
internal sealed class PoolContext(StoreConnection store, PoolOptions options, ServedTypes types, Action<PoolEvent> raise)
{
    public string Id { get; } = Ulid.NewUlid().ToString();

    private readonly long _made = store.Time.GetTimestamp();

    /// <summary>When it was made, by the store's clock.</summary>
    public DateTimeOffset Started => Clock.At(_made);

    public string HostName { get; } = Environment.MachineName;

    public StoreConnection Store => store;

    public PoolOptions Options => options;

    public ServedTypes Types => types;

    public TimeProvider Time => store.Time;

    public StoreClock Clock { get; } = new(store.Time);

    /// <summary>How long before its end a lease that could not be renewed counts as lost: handlers take their time to stop.</summary>
    public TimeSpan LeaseMargin { get; } = options.StaleTimeout / 10 < TimeSpan.FromSeconds(2) ? options.StaleTimeout / 10 : TimeSpan.FromSeconds(2);

    public bool IsVerbose => options.Verbose;

    /// <summary>Whether a run's lease still holds, by this machine's monotonic clock.</summary>
    public bool Holds(JobRun run) => Time.GetElapsedTime(run.LeaseStart) <= options.StaleTimeout - LeaseMargin;

    public void Say(string message, string? jobId = null) => raise(new PoolEvent(PoolEventLevel.Verbose, message, jobId));

    public void Warn(string message, string? jobId = null) => raise(new PoolEvent(PoolEventLevel.Warning, message, jobId));
}
