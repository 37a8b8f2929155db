using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Pools;

/// <summary>A pool of this session, and what it has said that no one has read yet.</summary>
internal sealed class RunningPool : IDisposable
{
    private const int MostKept = 1_000;

    // A signal may come twice at once: from timeout(1), which also signals its group; from a shell that passes on that its terminal was closed.
    private static readonly TimeSpan s_sameSignal = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<Said> _said = new();
    private readonly IDisposable _workers;
    private long _interrupted;

    /// <param name="pool">The pool, not yet started.</param>
    /// <param name="connection">Where it runs.</param>
    /// <param name="workers">Its workers; closed with it.</param>
    public RunningPool(JobPool pool, ConnectedStore connection, IDisposable workers)
    {
        (Pool, Connection, _workers) = (pool, connection, workers);
        pool.Event += Tell;
    }

    public JobPool Pool { get; }

    public ConnectedStore Connection { get; }

    public string Id => Pool.Id;

    public Task Completion => Pool.Completion;

    /// <summary>Whether a cmdlet waits for its end, which Ctrl+C then brings.</summary>
    public bool IsForeground { get; init; }

    public bool IsStopping => Pool.Info.Status != PoolStatus.Running;

    /// <summary>Why it failed, when it has ended and did.</summary>
    public JobsException? Failure => Completion.Exception?.InnerException as JobsException;

    /// <summary>Closes what the ended pool no longer needs; it can still be asked how it stood.</summary>
    public void Dispose()
    {
        _workers.Dispose();
        Pool.DisposeAsync().AsTask().ContinueWith(disposal => disposal.Exception, TaskScheduler.Default);
    }

    /// <summary>Keeps what the pool says until a cmdlet passes it on; of too much the oldest gives way.</summary>
    public void Tell(PoolEvent said)
    {
        _said.Enqueue(new Said(DateTime.Now, said));
        while (_said.Count > MostKept)
            _said.TryDequeue(out _);
    }

    /// <summary>Passes on what the pool has said, as warnings and verbose messages.</summary>
    public void TellThrough(Cmdlet cmdlet)
    {
        while (_said.TryDequeue(out var said))
        {
            var message = DisplayText.Escape(said.Event.Message);
            if (said.Event.Level == PoolEventLevel.Warning)
                cmdlet.WriteWarning(message);
            else
                // As a line of a service's log.
                cmdlet.WriteVerbose($"{said.At:yyyy-MM-dd HH:mm:ss.fff} {Environment.MachineName}: {message}");
        }
    }

    /// <summary>Stops and waits for the end.</summary>
    /// <param name="grace">How long running jobs may go on; null: the pool's own shutdown time-out.</param>
    public Task StopAsync(TimeSpan? grace = null) => Pool.StopAsync(grace);

    /// <summary>Stops gracefully on the way out, where no one can be told of errors any more.</summary>
    /// <param name="grace">As of <see cref="StopAsync"/>.</param>
    public async Task EndAsync(TimeSpan? grace = null)
    {
        try
        {
            await StopAsync(grace).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JobsException or OperationCanceledException)
        {
        }
    }

    /// <summary>Stops as a signal asks: gracefully, and at the second one at once.</summary>
    public Task InterruptAsync()
    {
        var first = Interlocked.CompareExchange(ref _interrupted, Stopwatch.GetTimestamp(), 0);
        return EndAsync(first != 0 && Stopwatch.GetElapsedTime(first) > s_sameSignal ? TimeSpan.Zero : null);
    }

    private sealed class Said(DateTime at, PoolEvent said)
    {
        public DateTime At => at;

        public PoolEvent Event => said;
    }
}
