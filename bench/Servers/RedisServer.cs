using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Jobs.Bench.Harness;
using Jobs.Tests;
using StackExchange.Redis;

namespace Jobs.Bench.Servers;

/// <summary>A Redis of the run's own, without persistence, and what it tells about itself.</summary>
internal sealed class RedisServer : IServer, IDisposable
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

    /// <summary>Counts the commands that clients send in a span of time; those that scripts carry out are not among them.</summary>
    public async Task<int> ListenAsync(TimeSpan span)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        await stream.WriteAsync("MONITOR\r\n"u8.ToArray());
        using var lines = new StreamReader(stream);
        await lines.ReadLineAsync();
        using var end = new CancellationTokenSource(span);
        var count = 0;
        try
        {
            while (await lines.ReadLineAsync(end.Token) is { } line)
                if (!line.Contains(" lua] ", StringComparison.Ordinal)) count++;
        }
        catch (OperationCanceledException)
        {
            // The span is over.
        }
        return count;
    }

    /// <summary>Calls of one command since the server started.</summary>
    public async Task<double> CallsAsync(string command)
    {
        var statistics = (await Admin.InfoAsync("commandstats")).SelectMany(group => group).FirstOrDefault(pair => pair.Key == $"cmdstat_{command}").Value;
        return statistics is null ? 0 : double.Parse(statistics.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _process.Dispose();
    }

    private async Task<string> InfoAsync(string section, string field) =>
        (await Admin.InfoAsync(section)).SelectMany(group => group).First(pair => pair.Key == field).Value;
}
