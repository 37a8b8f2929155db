using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>A private server for one machine: one per data path, bound to loopback, with a random password.</summary>
public static class LocalServer
{
    private const string ConfigurationFile = "redis.conf";
    private const string LockFile = "start.lock";
    private const string LogFile = "redis.log";
    private const string PidFile = "redis.pid";
    private const string DataFolder = "appendonlydir";
    private const UnixFileMode OnlyUserFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OnlyUserFolder = OnlyUserFile | UnixFileMode.UserExecute;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);
    private static readonly string[] Programs = ["redis-server", "valkey-server"];

    /// <summary>A <c>Jobs</c> folder in the user's local application data.</summary>
    public static string DefaultDataPath => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "Jobs");

    /// <summary>Attaches to the server of the data path, starting it when it does not run. It outlives the process.</summary>
    /// <exception cref="JobsException">LocalServerNotFound, LocalServerFailed, InvalidDataPath.</exception>
    public static async Task<StoreOptions> StartAsync(string? dataPath = null, CancellationToken cancellationToken = default)
    {
        var path = Prepare(dataPath);
        using var only = await LockAsync(path, cancellationToken).ConfigureAwait(false);
        Secure(path);
        var known = Read(path);
        if (known is not null)
        {
            if (await AnswersAsync(known.Options).ConfigureAwait(false)) return known.Options;
            // It reads its data, or is busy: a second server on the same data would spoil them.
            if (IsRunning(path, known)) return await AnsweringAsync(known, path, "its process is there, but does not answer", () => false, cancellationToken).ConfigureAwait(false);
        }

        var program = FindProgram();
        // Its port and its password stay: pools and sessions that used it before find it again.
        var login = new Login(
            known is not null && IsFree(known.Port) ? known.Port : FreePort(),
            known?.Password ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        Write(path, login);
        using var process = Launch(program, path);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return await AnsweringAsync(login, path, $"'{program}' did not come up", () => process.ExitCode != 0, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the server of the data path, if it runs, keeping its data. False when it did not run.</summary>
    public static async Task<bool> ShutdownAsync(string? dataPath = null, CancellationToken cancellationToken = default)
    {
        var path = Prepare(dataPath);
        using var only = await LockAsync(path, cancellationToken).ConfigureAwait(false);
        if (Read(path)?.Options is not { } options || !await AnswersAsync(options).ConfigureAwait(false)) return false;
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
        var path = dataPath ?? DefaultDataPath;
        try
        {
            path = Path.GetFullPath(path);
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, OnlyUserFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unusable(path, e);
        }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            throw new JobsException(JobsError.InvalidDataPath, $"Others may write to the folder '{path}', and so replace the private server's password and data. Choose a folder of your own, or take that right away: chmod go-w '{path}'") { Target = path };
        return path;
    }

    /// <summary>Others may look into a folder that was there before, and the server would let them read what it makes itself.</summary>
    private static void Secure(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        string configuration = Path.Combine(path, ConfigurationFile), log = Path.Combine(path, LogFile);
        try
        {
            File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(path, DataFolder), OnlyUserFolder).FullName, OnlyUserFolder);
            OpenPrivate(log, FileMode.OpenOrCreate).Dispose();
            File.SetUnixFileMode(log, OnlyUserFile);
            if (File.Exists(configuration)) File.SetUnixFileMode(configuration, OnlyUserFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e);
        }
    }

    private static FileStream OpenPrivate(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OnlyUserFile;
        return new FileStream(file, options);
    }

    /// <summary>Two sessions that start it at once get one server.</summary>
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException e)
            {
                throw Unusable(path, e);
            }
            catch (IOException e) when (Stopwatch.GetElapsedTime(start) > StartTimeout * 2)
            {
                // Another session would have been done long since.
                throw Unusable(path, e);
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

    /// <summary>Not by way of a shell: it detaches itself, so that it outlives this process and its terminal.</summary>
    private static Process Launch(string program, string path)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, [Path.Combine(path, ConfigurationFile)]) { RedirectStandardOutput = true, RedirectStandardError = true })
                ?? throw Failed(path, $"'{program}' could not be started");
        }
        catch (Win32Exception e)
        {
            throw Failed(path, $"'{program}' could not be started ({e.Message})");
        }
    }

    /// <summary>The server's own configuration file holds port and password; only the user can read it.</summary>
    private static void Write(string path, Login login)
    {
        var file = Path.Combine(path, ConfigurationFile);
        File.Delete(file);
        using var writer = new StreamWriter(OpenPrivate(file, FileMode.CreateNew));
        writer.Write($"""
            bind 127.0.0.1
            port {login.Port}
            requirepass {login.Password}
            daemonize yes
            dir {Quote(path)}
            pidfile {Quote(Path.Combine(path, PidFile))}
            logfile {Quote(Path.Combine(path, LogFile))}
            appendonly yes
            appenddirname {DataFolder}
            appendfsync always
            save ""

            """);
    }

    /// <summary>As redis.conf reads text in quotes.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c is < ' ' or '\x7f') quoted.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static Login? Read(string path)
    {
        var file = Path.Combine(path, ConfigurationFile);
        if (!File.Exists(file)) return null;
        var settings = File.ReadAllLines(file).Select(line => line.Split(' ', 2)).Where(words => words.Length == 2).GroupBy(words => words[0]).ToDictionary(group => group.Key, group => group.Last()[1]);
        return settings.TryGetValue("port", out var port) && int.TryParse(port, out var number) && settings.TryGetValue("requirepass", out var password) ? new Login(number, password) : null;
    }

    /// <summary>Whether a server of this path is at work, however it may answer.</summary>
    private static bool IsRunning(string path, Login login)
    {
        var file = Path.Combine(path, PidFile);
        if (IsFree(login.Port) || !File.Exists(file) || !int.TryParse(File.ReadAllText(file), out var id)) return false;
        try
        {
            using var process = Process.GetProcessById(id);
            // The servers add their address to it.
            return Programs.Any(program => process.ProcessName.StartsWith(program, StringComparison.Ordinal));
        }
        catch (ArgumentException)
        {
            // No process has that id: the server was killed.
            return false;
        }
    }

    private static async Task<StoreOptions> AnsweringAsync(Login login, string path, string trouble, Func<bool> isOver, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); !await AnswersAsync(login.Options).ConfigureAwait(false);)
        {
            if (isOver() || Stopwatch.GetElapsedTime(start) > StartTimeout) throw Failed(path, trouble);
            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
        return login.Options;
    }

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

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
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
        var log = Path.Combine(path, LogFile);
        var tail = File.Exists(log) ? " Its log ends: " + string.Join(" | ", File.ReadLines(log).TakeLast(3)) : "";
        return new JobsException(JobsError.LocalServerFailed, $"The local store in '{path}' did not start: {what}.{tail}") { Target = path };
    }

    private static JobsException Unusable(string path, Exception exception) =>
        new(JobsError.InvalidDataPath, $"The local store can't keep its data in '{path}': {exception.Message} Choose a folder that you may write to.", exception) { Target = path };

    /// <summary>How the server of a path is reached.</summary>
    private sealed record Login(int Port, string Password)
    {
        public StoreOptions Options => new() { Configuration = $"127.0.0.1:{Port}", Password = Password };

        /// <summary>Safe to print.</summary>
        public override string ToString() => $"127.0.0.1:{Port}";
    }
}
