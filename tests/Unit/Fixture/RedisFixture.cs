using Testcontainers.Redis;

[assembly: AssemblyFixture(typeof(Jobs.Tests.RedisFixture))]

namespace Jobs.Tests;

/// <summary>
/// The Redis of a test run: JOBS_TEST_REDIS (a connection string), else one in Docker where Docker is asked for
/// (JOBS_TEST_CONTAINERS=1) or reachable, else a redis-server from PATH in a folder of its own.
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisContainer? _container;
    private RedisProcess? _process;

    public string Configuration { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("JOBS_TEST_REDIS") is { Length: > 0 } configured)
        {
            Configuration = configured;
        }
        else if (Environment.GetEnvironmentVariable("JOBS_TEST_CONTAINERS") == "1" || IsDockerReachable())
        {
            _container = new RedisBuilder(Environment.GetEnvironmentVariable("JOBS_TEST_IMAGE") ?? "redis:7.0").Build();
            await _container.StartAsync();
            Configuration = _container.GetConnectionString();
        }
        else
        {
            _process = new RedisProcess();
            await _process.StartAsync();
            Configuration = _process.Configuration;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_container is not null) await _container.DisposeAsync();
        _process?.Dispose();
    }

    /// <summary>Only a socket that answers counts: many machines have a client without an engine.</summary>
    private static bool IsDockerReachable()
    {
        const string Socket = "/var/run/docker.sock";
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("DOCKER_HOST") is not null || !File.Exists(Socket)) return false;
        try
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            socket.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
