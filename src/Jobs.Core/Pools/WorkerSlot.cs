using System.Diagnostics.CodeAnalysis;
using Jobs.Core.Pools;

namespace Jobs.Core;

/// <summary>A worker's end of the pool.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Workers may keep the token; the source has no timer and holds nothing.")]
public sealed class WorkerSlot
{
    private readonly RunQueue _queue;
    private readonly CancellationTokenSource _closed = new();

    // Kept when its wait is left, since the run that answers it must not be lost.
    private Task<JobRun?>? _awaited;

    internal WorkerSlot(int number, RunQueue queue) => (Number, _queue) = (number, queue);

    /// <summary>0 to workers − 1.</summary>
    public int Number { get; }

    /// <summary>Fires when the pool needs this worker no more: it is stopping for good, or has put another in its place.</summary>
    public CancellationToken Closed => _closed.Token;

    internal bool IsClosed => _closed.IsCancellationRequested;

    internal JobRun? Current { get; private set; }

    /// <summary>Takes the next run if there is one now. The run's clock starts here.</summary>
    public bool TryTake([NotNullWhen(true)] out JobRun? run)
    {
        run = null;
        if (_awaited is not null || IsClosed || !_queue.TryTake(out run)) return false;
        Current = run;
        return true;
    }

    /// <summary>Takes the next run, waiting for it; null: the worker is to end.</summary>
    public async ValueTask<JobRun?> TakeAsync()
    {
        if (TryTake(out var ready)) return ready;
        var run = await _queue.TakeAsync(this).ConfigureAwait(false);
        Current = run;
        return run;
    }

    /// <summary>As <see cref="TakeAsync"/>, waiting on the calling thread: whoever has the run wakes it, with no other thread between the two.</summary>
    /// <param name="leave">Ends the wait, by throwing; the next call takes it up again.</param>
    public JobRun? Take(CancellationToken leave)
    {
        if (TryTake(out var ready)) return ready;
        _awaited ??= _queue.TakeAsync(this).AsTask();
        _awaited.Wait(leave);
        var run = _awaited.Result;
        _awaited = null;
        Current = run;
        return run;
    }

    internal void Close()
    {
        _ = _closed.CancelAsync();
        _queue.Release(this);
    }
}
