using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Jobs.Core;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.Tests.PowerShell.Handlers;

/// <summary>A run without an engine: remembers what became of it.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing.")]
internal sealed class FakeRun : IRun
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StopReason _stopReason;

    public FakeRun(string type, string? data = null, bool parameters = false)
    {
        Job = new ScheduledJob { Id = Guid.NewGuid().ToString("N"), Type = type, Queue = "default", Data = data, DataIsParameters = parameters, Attempts = 1, Priority = 7, Due = DateTimeOffset.Now };
    }

    public ScheduledJob Job { get; }
    public string PoolId => "pool1";
    public DateTimeOffset? Deadline { get; init; }
    public CancellationToken Stopping => _stop.Token;
    public StopReason StopReason => _stopReason;
    public List<JobProgress> Progress { get; } = [];
    public List<(JobLogLevel Level, string Message)> Entries { get; } = [];
    public int LogCount { get; private set; }
    public JobOutput? Output { get; private set; }
    public JobError? Error { get; private set; }
    public int Completions { get; private set; }
    public bool IsReleased { get; private set; }
    public Task Ended => _ended.Task;

    public object?[] Items => [.. (Output?.Items ?? []).Select(JsonData.Deserialize)];

    public void Stop(StopReason reason = StopReason.Cancelled)
    {
        _stopReason = reason;
        _stop.Cancel();
    }

    public void Report(JobProgress progress) => Progress.Add(progress);

    public void Log(JobLogLevel level, string message)
    {
        LogCount++;
        if (Entries.Count < 1000) Entries.Add((level, message));
    }

    public void Succeed(JobOutput? output, int exitCode)
    {
        Completions++;
        Output = output;
        _ended.TrySetResult();
    }

    public void Fail(JobError error, int exitCode)
    {
        Completions++;
        Error = error;
        _ended.TrySetResult();
    }

    public void Release()
    {
        Completions++;
        IsReleased = true;
        _ended.TrySetResult();
    }
}

/// <summary>A slot without an engine.</summary>
internal sealed class FakeSource : IRunSource, IDisposable
{
    private readonly BlockingCollection<IRun> _runs = [];
    private readonly CancellationTokenSource _closed = new();

    public CancellationToken Closed => _closed.Token;

    public void Add(IRun run) => _runs.Add(run);

    public void Close()
    {
        _closed.Cancel();
        _runs.CompleteAdding();
    }

    public void Complete() => _runs.CompleteAdding();

    public bool TryTake([NotNullWhen(true)] out IRun? run) => _runs.TryTake(out run);

    public IRun? Take(CancellationToken leave) => _runs.TryTake(out var run, Timeout.Infinite, leave) ? run : null;

    public void Dispose()
    {
        _runs.Dispose();
        _closed.Dispose();
    }
}
