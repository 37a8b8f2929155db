using System.Globalization;
using Jobs.Bench.Harness;
using Jobs.Tests;
using StackExchange.Redis;

namespace Jobs.Bench.Servers;

/// <summary>A Redis of the run's own, without persistence, and what it tells about itself.</summary>
internal sealed class RedisServer : IServer, IAsyncDisposable
{
    private readonly RedisProcess _process = new();
    private ConnectionMultiplexer? _connection;

    public string Address => _process.Configuration;

    public int Port => _process.Port;

    public string Description { get; private set; } = "";

    public TimeSpan ProcessorTime => ProcessTimes.Of(_process.Id);

    private StackExchange.Redis.IServer Admin => _connection!.GetServers()[0];

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server._process.StartAsync();
        server._connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { server.Address }, AllowAdmin = true });
        server.Description = $"Redis {server.Admin.Version}, loopback, no persistence";
        return server;
    }

    /// <summary>Removes all that drivers left.</summary>
    public Task ClearAsync() => Admin.FlushAllDatabasesAsync();

    /// <summary>Bytes that data take.</summary>
    public async Task<double> MemoryAsync() => double.Parse(await InfoAsync("memory", "used_memory"), CultureInfo.InvariantCulture);

    /// <summary>Commands carried out since the server started.</summary>
    public async Task<double> CommandsAsync() => double.Parse(await InfoAsync("stats", "total_commands_processed"), CultureInfo.InvariantCulture);

    /// <summary>Calls of one command since the server started.</summary>
    public async Task<double> CallsAsync(string command)
    {
        var statistics = (await Admin.InfoAsync("commandstats")).SelectMany(group => group).FirstOrDefault(pair => pair.Key == $"cmdstat_{command}").Value;
        return statistics is null ? 0 : double.Parse(statistics.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _process.Dispose();
    }

    private async Task<string> InfoAsync(string section, string field) =>
        (await Admin.InfoAsync(section)).SelectMany(group => group).First(pair => pair.Key == field).Value;
}
