using Jobs.Core;
using Jobs.FaultWorker;

namespace Jobs.Tests.Faults;

/// <summary>A test with a Redis of its own that keeps what it acknowledges, and a history of executions.</summary>
public abstract class FaultTest() : OwnServerTest("--appendonly", "yes", "--appendfsync", "always")
{
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(1.5);

    private readonly List<IDisposable> _faults = [];

    internal History History { get; } = new();

    internal StoreAudit Audit => new(Redis, Namespace);

    protected static PoolOptions ShortLease { get; } = new() { Workers = 4, StaleTimeout = Lease };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Handlers.Register(History.Log, Types);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var fault in Enumerable.Reverse(_faults)) fault.Dispose();
        await base.DisposeAsync();
        History.Dispose();
        GC.SuppressFinalize(this);
    }

    internal WorkerProcess StartWorker(int workers = 4, TimeSpan? lease = null, FaultyNetwork? through = null)
    {
        var worker = new WorkerProcess(History, through?.Configuration ?? Configuration, Namespace, workers, lease ?? Lease);
        _faults.Add(worker);
        return worker;
    }

    protected FaultyNetwork MakeNetwork()
    {
        var network = new FaultyNetwork(Server.Port);
        _faults.Add(network);
        return network;
    }

    protected async Task<JobStore> ConnectAsync(FaultyNetwork? through = null, TimeProvider? time = null) =>
        Own(await JobStore.ConnectAsync(new StoreOptions { Configuration = through?.Configuration ?? Configuration, Namespace = Namespace }, time));

    protected async Task<string[]> ScheduleAsync(int count, int ms, string type = "work") =>
        [.. (await Client.ScheduleAsync([.. Enumerable.Range(0, count).Select(_ => new JobRequest { Type = type, Data = $"{ms}" })])).Select(job => job.Id)];

    /// <summary>How many jobs have such a status, by the store's sets; -1 while it does not answer.</summary>
    protected async Task<long> CountAsync(string status)
    {
        try
        {
            return await Redis.SortedSetLengthAsync(Key(status));
        }
        catch (Exception e) when (e is StackExchange.Redis.RedisException or TimeoutException)
        {
            return -1;
        }
    }

    internal int Running() => History.Read().Sum(job => job.Count(run => run.End is null));

    protected Task WaitForFinishedAsync(int count) => Wait.UntilAsync(async () => await CountAsync("finished") == count, $"{count} jobs are finished");

    /// <summary>Holds what ran against what was asked for.</summary>
    internal async Task<Findings> CheckAsync(IReadOnlyCollection<string> acknowledged)
    {
        var findings = await Checker.CheckAsync(History, Client, Audit, acknowledged);
        Assert.Empty(findings.All);
        return findings;
    }
}
