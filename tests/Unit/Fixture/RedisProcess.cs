using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Jobs.Tests;

/// <summary>A redis-server of a test's own, on a free loopback port in a folder of its own; it can be killed, paused and started again.</summary>
public sealed class RedisProcess(params string[] settings) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobs-redis-").FullName;
    private Process? _process;

    public int Port { get; } = FreePort();

    public string Configuration => $"127.0.0.1:{Port}";

    public int Id => _process!.Id;

    public async Task StartAsync()
    {
        var program = Find("redis-server") ?? Find("valkey-server")
            ?? throw new InvalidOperationException("The tests need a Redis: install redis-server (apt-get install redis-server) or valkey-server, or set JOBS_TEST_REDIS to a connection string.");
        _process = Process.Start(new ProcessStartInfo(program,
            ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--logfile", Path.Combine(_folder, "redis.log"), .. settings]))!;
        await Wait.UntilAsync(async () => _process.HasExited ? throw new InvalidOperationException("redis-server ended: see its output.") : await AnswersAsync(), "redis-server answers");
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public void Pause() => Signal(Id, 19);

    public void Continue() => Signal(Id, 18);

    public void Dispose()
    {
        if (_process is { HasExited: false }) Kill();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static void Signal(int id, int number)
    {
        if (KillProcess(id, number) != 0) throw new InvalidOperationException($"Signal {number} was refused.");
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[64];
            var read = await client.GetStream().ReadAsync(answer);
            return System.Text.Encoding.ASCII.GetString(answer, 0, read) is var text && (text.StartsWith("+PONG", StringComparison.Ordinal) || text.StartsWith("-NOAUTH", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int KillProcess(int pid, int signal);
}
