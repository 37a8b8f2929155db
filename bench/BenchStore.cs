using Jobs.Core;
using Jobs.Tests;

namespace Jobs.Bench;

/// <summary>The Redis of a run: JOBS_BENCH_REDIS (a connection string), else one of its own without persistence.</summary>
internal sealed class BenchStore : IAsyncDisposable
{
    private RedisProcess? _process;
    private string _configuration = "";

    /// <summary>What it is, for the report.</summary>
    public string Server { get; private set; } = "";

    public static async Task<BenchStore> StartAsync()
    {
        var store = new BenchStore { _configuration = Environment.GetEnvironmentVariable("JOBS_BENCH_REDIS") ?? "" };
        if (store._configuration.Length == 0)
        {
            store._process = new RedisProcess();
            await store._process.StartAsync();
            store._configuration = store._process.Configuration;
        }
        await using var connection = await store.ConnectAsync();
        var info = await connection.GetInfoAsync();
        store.Server = $"{info.Server} {info.Version}";
        return store;
    }

    /// <summary>A namespace of its own.</summary>
    public Task<JobStore> ConnectAsync() => JobStore.ConnectAsync(new StoreOptions { Configuration = _configuration, Namespace = $"bench-{Guid.NewGuid():N}" });

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        return ValueTask.CompletedTask;
    }
}
