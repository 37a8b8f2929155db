using System.Diagnostics;
using System.Text.Json;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Harness;

/// <summary>A process that runs what is measured and does as it is told; see Protocol/README.md.</summary>
internal sealed class Driver : IAsyncDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(20);

    private readonly Process _process;
    private readonly Queue<string> _errors = new();
    private Reply _hello = Reply.Done;

    private Driver(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (string.IsNullOrWhiteSpace(line.Data)) return;
            lock (_errors)
            {
                _errors.Enqueue(line.Data);
                if (_errors.Count > 20) _errors.Dequeue();
            }
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>What it is and what it runs on.</summary>
    public string Version => _hello.Version ?? "";

    public TimeSpan ProcessorTime => ProcessTimes.Of(_hello.Pid);

    /// <summary>Bytes of its memory that are in use.</summary>
    public long Memory
    {
        get
        {
            using var process = Process.GetProcessById(_hello.Pid);
            return process.WorkingSet64;
        }
    }

    public static async Task<Driver> StartAsync(Launch launch)
    {
        var start = new ProcessStartInfo(launch.Program, launch.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var driver = new Driver(Process.Start(start)!);
        try
        {
            driver._hello = await driver.AskAsync(new Request { Op = "hello" });
            return driver;
        }
        catch
        {
            await driver.DisposeAsync();
            throw;
        }
    }

    public Task<Reply> AskAsync(string op) => AskAsync(new Request { Op = op });

    public async Task<Reply> AskAsync(Request request)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, Messages.Default.Request));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended: its output does so too, and the error below says how.
        }
        using var longest = new CancellationTokenSource(s_longest);
        while (await _process.StandardOutput.ReadLineAsync(longest.Token) is { } line)
        {
            // A terminal's escape sequences may come before it.
            var json = line.IndexOf('{', StringComparison.Ordinal);
            if (json < 0) continue;
            var reply = JsonSerializer.Deserialize(line.AsSpan(json), Messages.Default.Reply)!;
            return reply.Error is null ? reply : throw new DriverException($"{request.Op}: {reply.Error}");
        }
        await _process.WaitForExitAsync();
        throw new DriverException($"its process ended with exit code {_process.ExitCode}. {Complaint()}");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself.
        }
        using var longest = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await _process.WaitForExitAsync(longest.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private string Complaint()
    {
        lock (_errors) return _errors.FirstOrDefault(line => line.Contains("rror", StringComparison.Ordinal)) ?? string.Join(' ', _errors);
    }
}

/// <summary>A driver could not do as asked.</summary>
internal sealed class DriverException(string message) : Exception(message);

/// <summary>How a process is started.</summary>
internal sealed record Launch(string Program, params string[] Arguments);
