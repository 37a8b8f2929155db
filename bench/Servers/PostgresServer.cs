using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Jobs.Bench.Harness;
using Jobs.Tests;

namespace Jobs.Bench.Servers;

/// <summary>A PostgreSQL of the run's own on a free loopback port, set to be as fast as a Redis without persistence is: it waits for no disk.</summary>
internal sealed class PostgresServer : IServer, IDisposable
{
    private static readonly string[] s_settings =
        ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "shared_buffers=256MB", "max_wal_size=4GB", "max_connections=250"];

    private readonly string _folder = Directory.CreateTempSubdirectory("jobs-postgres-").FullName;
    private readonly string _programs;
    private readonly int _port = FreePort();
    private Process? _process;

    private PostgresServer(string programs) => _programs = programs;

    public string Address => $"127.0.0.1:{_port}";

    public int Port => _port;

    public string Description { get; private set; } = "";

    public TimeSpan ProcessorTime => ProcessTimes.OfTree(_process!.Id);

    /// <summary>Starts one, or says why there is none.</summary>
    public static async Task<(PostgresServer? Server, string? Missing)> TryStartAsync()
    {
        if (!OperatingSystem.IsLinux() || Programs() is not { } programs) return (null, "no PostgreSQL was found (Debian: apt-get install postgresql).");
        var server = new PostgresServer(programs);
        try
        {
            await server.StartProcessAsync();
            return (server, null);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            server.Dispose();
            return (null, $"PostgreSQL did not start. {e.Message}");
        }
    }

    // Each measurement has a schema of its own, and removes it.
    public Task ClearAsync() => Task.CompletedTask;

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            // SIGINT: a fast shutdown, which ends the backends too.
            using var stop = Process.Start("kill", ["-INT", $"{_process.Id}"]);
            _process.WaitForExit();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartProcessAsync()
    {
        var data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data);
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "-R", ServerUser(), _folder);
        var log = Path.Combine(_folder, "log");
        var prepare = AsServerUser("initdb", "--pgdata", data, "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C");
        await RunAsync(prepare.Program, prepare.Arguments);
        var (program, arguments) = AsServerUser("postgres", ["-D", data, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder}", .. s_settings.SelectMany(setting => new[] { "-c", setting })]);
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        _process.BeginErrorReadLine();
        await Wait.UntilAsync(async () => _process.HasExited ? throw new InvalidOperationException("postgres ended as it started.") : await AnswersAsync(), "postgres answers");
        var version = (await RunAsync(Path.Combine(_programs, "postgres"), "--version")).Trim();
        Description = $"{version}, loopback, {string.Join(", ", s_settings)}";
    }

    private async Task<bool> AnswersAsync()
    {
        using var check = Process.Start(new ProcessStartInfo(Path.Combine(_programs, "pg_isready"), ["--host=127.0.0.1", $"--port={_port}", "--quiet"]))!;
        await check.WaitForExitAsync();
        return check.ExitCode == 0;
    }

    // postgres refuses to be root.
    private (string Program, string[] Arguments) AsServerUser(string name, params string[] arguments)
    {
        var program = Path.Combine(_programs, name);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", [$"--reuid={ServerUser()}", "--clear-groups", "--", program, .. arguments])
            : (program, arguments);
    }

    private static string ServerUser() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Debian keeps the server's programs off PATH, a folder for each version.</summary>
    private static string? Programs()
    {
        const string versions = "/usr/lib/postgresql";
        var found = Directory.Exists(versions) ? Directory.GetDirectories(versions).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0).Select(folder => Path.Combine(folder, "bin")) : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return found.Concat(onPath).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
