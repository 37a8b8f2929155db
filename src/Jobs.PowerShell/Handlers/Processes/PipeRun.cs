using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>A run in a process of its own: what it says goes to the pool as lines of JSON. A full pipe holds the handler up.</summary>
internal sealed class PipeRun : IRun, IDisposable
{
    private const int FlushInMilliseconds = 100;

    private readonly ChildRequest _request;
    private readonly StreamWriter _writer;
    private readonly Timer _flush;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private bool _isOver;

    public PipeRun(ChildRequest request, Stream pipe)
    {
        _request = request;
        _writer = new StreamWriter(pipe, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        _flush = new Timer(_ => Flush(), null, FlushInMilliseconds, FlushInMilliseconds);
    }

    public ScheduledJob Job => _request.Job;

    public string PoolId => _request.PoolId;

    public DateTimeOffset? Deadline => _request.Deadline;

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The pool knows the reason; here any will do.</summary>
    public StopReason StopReason => _stopping.IsCancellationRequested ? StopReason.Cancelled : StopReason.None;

    public IReadOnlyList<JobParent> ReadParents() =>
        Session.Current.Open(_request.Store, null, Stopping).Client.GetParentsAsync(Job, Stopping).GetAwaiter().GetResult();

    public void Report(JobProgress progress) => Send(new ChildMessage { Progress = progress });

    public void Log(JobLogLevel level, string message) => Send(new ChildMessage { Level = (int)level, Text = message });

    public void Succeed(JobOutput? output, int exitCode) => End(new ChildMessage { IsEnd = true, Output = output, ExitCode = exitCode });

    public void Fail(JobError error, int exitCode) => End(new ChildMessage { IsEnd = true, Error = error, ExitCode = exitCode });

    /// <summary>Only a pool that still has the type starts a process for its job.</summary>
    public void Release() => throw new NotSupportedException();

    /// <summary>A line from the pool is the order to stop. When the pool itself is gone there is nobody to end this process but itself.</summary>
    public void ListenForStop(TextReader reader) => new Thread(() =>
    {
        string? line = null;
        try
        {
            line = reader.ReadLine();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Gone as well.
        }
        _stopping.Cancel();
        if (line is not null) return;
        Thread.Sleep(ChildRun.StopGrace);
        using var process = Process.GetCurrentProcess();
        process.Kill();
    })
    { IsBackground = true, Name = "Jobs stop listener" }.Start();

    public void Dispose()
    {
        _flush.Dispose();
        // The source stays: its listener may still fire.
    }

    private void End(ChildMessage message)
    {
        Send(message);
        lock (_gate)
        {
            _isOver = true;
            Try(_writer.Flush);
        }
    }

    private void Send(ChildMessage message)
    {
        var line = JsonSerializer.Serialize(message, ChildMessage.Format);
        lock (_gate)
        {
            if (!_isOver) Try(() => _writer.WriteLine(line));
        }
    }

    private void Flush()
    {
        // While a line is on its way there is nothing to hurry.
        if (!_gate.TryEnter()) return;
        try
        {
            if (!_isOver) Try(_writer.Flush);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _isOver = true;
        }
    }
}

/// <summary>A source of one run.</summary>
internal sealed class OneRun(IRun run) : IRunSource
{
    private IRun? _run = run;

    public CancellationToken Closed => default;

    public bool TryTake([NotNullWhen(true)] out IRun? run)
    {
        run = Take(default);
        return run is not null;
    }

    public IRun? Take(CancellationToken leave) => Interlocked.Exchange(ref _run, null);
}
