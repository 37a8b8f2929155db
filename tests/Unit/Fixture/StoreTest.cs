using Jobs.Core;
using StackExchange.Redis;

namespace Jobs.Tests;

/// <summary>A test with a namespace of its own on the run's Redis.</summary>
[Trait("Category", "Store")]
public abstract class StoreTest(RedisFixture? redis = null) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];

    protected string Namespace { get; } = "test-" + Guid.NewGuid().ToString("N");

    /// <summary>Where the test's Redis is.</summary>
    protected virtual string Configuration => redis!.Configuration;

    protected JobTypeRegistry Types { get; } = new();

    protected JobStore Store { get; private set; } = null!;

    protected JobClient Client { get; private set; } = null!;

    /// <summary>Plain access to the store, to look behind the scripts.</summary>
    protected IDatabase Redis { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Store = Own(await JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace }));
        Client = new JobClient(Store, Types);
        // A connection of its own: it waits for a server that is busy or away, where the store's is told at once.
        var configuration = ConfigurationOptions.Parse(Configuration);
        configuration.AllowAdmin = true;
        Redis = Own(await ConnectionMultiplexer.ConnectAsync(configuration)).GetDatabase(Store.Database);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected RedisKey Key(string name) => $"{{{Namespace}}}:{name}";

    protected T Own<T>(T disposable)
        where T : IAsyncDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    /// <summary>Registers a type with a compiled handler.</summary>
    protected void Register(string name, Func<JobRun, CancellationToken, Task> handler, JobDefaults? defaults = null, int? maxConcurrency = null) =>
        Types.Register(new JobType
        {
            Name = name,
            Defaults = defaults ?? new JobDefaults(),
            MaxConcurrency = maxConcurrency,
            Handler = async (run, stopping) =>
            {
                await handler(run, stopping);
                return null;
            },
        });

    protected void Register(string name, Action<JobRun>? handler = null, JobDefaults? defaults = null) =>
        Register(name, (run, _) =>
        {
            handler?.Invoke(run);
            return Task.CompletedTask;
        }, defaults);

    protected Task<ScheduledJob> ScheduleAsync(string type, Func<JobRequest, JobRequest>? with = null)
    {
        var request = new JobRequest { Type = type };
        return Client.ScheduleAsync(with is null ? request : with(request));
    }

    protected async Task<JobPool> StartPoolAsync(PoolOptions? options = null, JobStore? store = null)
    {
        var pool = Own(new JobPool(store ?? Store, Types, options ?? new PoolOptions()));
        await pool.StartAsync();
        return pool;
    }

    /// <summary>Runs a pool until nothing is due.</summary>
    protected async Task<IReadOnlyList<ScheduledJob>> RunUntilEmptyAsync(PoolOptions? options = null)
    {
        var pool = Own(new JobPool(Store, Types, (options ?? new PoolOptions()) with { UntilEmpty = true }));
        var ended = pool.Ended;
        await pool.StartAsync();
        await pool.Completion;
        var jobs = new List<ScheduledJob>();
        await foreach (var job in ended.ReadAllAsync()) jobs.Add(job);
        return jobs;
    }

    protected async Task<ScheduledJob> WaitForAsync(string id, JobStatus status)
    {
        var job = await Client.GetAsync(id);
        await Wait.UntilAsync(async () => (job = await Client.GetAsync(id)).Status == status, $"job is {status}");
        return job;
    }
}
