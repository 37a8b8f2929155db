using System.Diagnostics;
using System.Globalization;

namespace Jobs.Tests.Faults;

/// <summary>A pool in a process of its own, to be killed.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly History _history;
    private readonly TaskCompletionSource<string> _poolId = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerProcess(History history, string configuration, string @namespace, int workers, TimeSpan lease)
    {
        _history = history;
        var program = Path.Combine(AppContext.BaseDirectory, "faultworker.dll");
        var start = new ProcessStartInfo("dotnet",
            [program, configuration, @namespace, history.Folder, workers.ToString(CultureInfo.InvariantCulture), lease.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } id) _poolId.TrySetResult(id);
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (Said) Said.Add(line.Data);
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its warnings.</summary>
    public List<string> Said { get; } = [];

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The pool's id, once it runs.</summary>
    public Task<string> PoolIdAsync() => _poolId.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _history.Died(_process.Id);
    }

    /// <summary>Notes the end of a process that killed itself.</summary>
    public async Task DieAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _history.Died(_process.Id);
    }

    /// <summary>Lets it stop in good order.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
