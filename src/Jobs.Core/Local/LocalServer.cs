using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>A private server for one machine: one per data path, bound to loopback, with a random password.</summary>
public static class LocalServer
{
    private const string ConfigurationFile = "redis.conf";
    private const string LockFile = "start.lock";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);
    private static readonly string[] Programs = ["redis-server", "valkey-server"];

    /// <summary>A <c>Jobs</c> folder in the user's local application data.</summary>
    public static string DefaultDataPath => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "Jobs");

    /// <summary>Attaches to the server of the data path, starting it when it does not run. It outlives the process.</summary>
    /// <exception cref="JobsException">LocalServerNotFound, LocalServerFailed.</exception>
    public static async Task<StoreOptions> StartAsync(string? dataPath = null, CancellationToken cancellationToken = default)
    {
        var path = Prepare(dataPath);
        using var only = await LockAsync(path, cancellationToken).ConfigureAwait(false);
        if (Read(path) is { } known && await AnswersAsync(known).ConfigureAwait(false)) return known;

        var program = FindProgram();
        var options = Write(path, FreePort());
        // Not started by way of a shell: daemonize detaches it, so that it outlives this process and its terminal.
        using var process = Process.Start(new ProcessStartInfo(program, [Path.Combine(path, ConfigurationFile)]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw Failed(path, "it could not be started");
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        var start = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(options).ConfigureAwait(false))
        {
            if (process.ExitCode != 0 || Stopwatch.GetElapsedTime(start) > StartTimeout) throw Failed(path, $"'{program}' did not come up");
            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
        return options;
    }

    /// <summary>Ends the server of the data path, if it runs, keeping its data. False when it did not run.</summary>
    public static async Task<bool> ShutdownAsync(string? dataPath = null, CancellationToken cancellationToken = default)
    {
        var path = Prepare(dataPath);
        using var only = await LockAsync(path, cancellationToken).ConfigureAwait(false);
        if (Read(path) is not { } options || !await AnswersAsync(options).ConfigureAwait(false)) return false;
        var configuration = ConfigurationOptions.Parse(options.Configuration);
        configuration.Password = options.Password;
        configuration.AllowAdmin = true;
        try
        {
            using var redis = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
            await Task.Run(() => redis.GetServer(redis.GetEndPoints()[0]).Shutdown(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisConnectionException or RedisTimeoutException)
        {
            // The server closes the connection as it goes.
        }
        while (await AnswersAsync(options).ConfigureAwait(false)) await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static string Prepare(string? dataPath)
    {
        var path = Path.GetFullPath(dataPath ?? DefaultDataPath);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Two sessions that start it at once get one server.</summary>
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(50, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static string FindProgram()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        return (from program in Programs from folder in folders let file = Path.Combine(folder, program + suffix) where File.Exists(file) select file).FirstOrDefault()
            ?? throw new JobsException(JobsError.LocalServerNotFound,
                "There is no redis-server or valkey-server on PATH to start a local store with. Install one (Debian, Ubuntu: apt install redis-server; Fedora: dnf install valkey; macOS: brew install redis), or connect to a store elsewhere.");
    }

    /// <summary>The server's own configuration file holds port and password; only the user can read it.</summary>
    private static StoreOptions Write(string path, int port)
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var file = Path.Combine(path, ConfigurationFile);
        File.Delete(file);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(file, mode))
        {
            writer.Write($"""
                bind 127.0.0.1
                port {port}
                requirepass {password}
                daemonize yes
                dir "{path}"
                pidfile "{Path.Combine(path, "redis.pid")}"
                logfile "{Path.Combine(path, "redis.log")}"
                appendonly yes
                appendfsync always
                save ""

                """);
        }
        return Options(port, password);
    }

    private static StoreOptions? Read(string path)
    {
        var file = Path.Combine(path, ConfigurationFile);
        if (!File.Exists(file)) return null;
        var settings = File.ReadAllLines(file).Select(line => line.Split(' ', 2)).Where(words => words.Length == 2).GroupBy(words => words[0]).ToDictionary(group => group.Key, group => group.Last()[1]);
        return settings.TryGetValue("port", out var port) && int.TryParse(port, out var number) && settings.TryGetValue("requirepass", out var password) ? Options(number, password) : null;
    }

    private static StoreOptions Options(int port, string password) => new() { Configuration = $"127.0.0.1:{port}", Password = password };

    private static async Task<bool> AnswersAsync(StoreOptions options)
    {
        try
        {
            var configuration = ConfigurationOptions.Parse(options.Configuration);
            configuration.Password = options.Password;
            configuration.ConnectTimeout = 1000;
            configuration.ConnectRetry = 0;
            using var redis = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
            await redis.GetDatabase().PingAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static JobsException Failed(string path, string what)
    {
        var log = Path.Combine(path, "redis.log");
        var tail = File.Exists(log) ? " Its log ends: " + string.Join(" | ", File.ReadLines(log).TakeLast(3)) : "";
        return new JobsException(JobsError.LocalServerFailed, $"The local store in '{path}' did not start: {what}.{tail}");
    }
}
