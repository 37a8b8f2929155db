using System.Diagnostics.CodeAnalysis;

namespace Jobs.Core.Pools;

/// <summary>
/// Claimed runs on their way to workers. The worker that became idle last gets the next run: a pool under little load
/// keeps few workers warm instead of all.
/// </summary>
internal sealed class RunQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<JobRun> _runs = new();
    private readonly List<(WorkerSlot Slot, TaskCompletionSource<JobRun?> Take)> _idle = [];
    private bool _closed;
    private long _bytes;

    /// <summary>Runs that no worker has taken yet.</summary>
    public int Count => _runs.Count;

    /// <summary>How much data they hold.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(JobRun run)
    {
        TaskCompletionSource<JobRun?> take;
        lock (_gate)
        {
            if (_idle.Count == 0)
            {
                Enqueue(run);
                return;
            }
            if (!run.TryBegin()) return; // cancelled on the way; the worker goes on waiting
            take = _idle[^1].Take;
            _idle.RemoveAt(_idle.Count - 1);
        }
        take.SetResult(run);
    }

    public bool TryTake([NotNullWhen(true)] out JobRun? run)
    {
        while (true)
        {
            lock (_gate)
            {
                if (!TryDequeue(out run)) return false;
            }
            if (run.TryBegin()) return true;
        }
    }

    public ValueTask<JobRun?> TakeAsync(WorkerSlot slot)
    {
        while (true)
        {
            JobRun? run;
            lock (_gate)
            {
                if (!TryDequeue(out run))
                {
                    if (_closed || slot.IsClosed) return ValueTask.FromResult<JobRun?>(null);
                    var take = new TaskCompletionSource<JobRun?>(TaskCreationOptions.RunContinuationsAsynchronously);
                    _idle.Add((slot, take));
                    return new ValueTask<JobRun?>(take.Task);
                }
            }
            if (run.TryBegin()) return ValueTask.FromResult<JobRun?>(run);
        }
    }

    /// <summary>Takes the runs out that nobody has taken, or those that have waited so long.</summary>
    public IReadOnlyList<JobRun> Drain(Func<JobRun, bool>? which = null)
    {
        lock (_gate)
        {
            var runs = _runs.ToList();
            _runs.Clear();
            _bytes = 0;
            var drained = new List<JobRun>();
            foreach (var run in runs)
            {
                if (which is null || which(run)) drained.Add(run);
                else Enqueue(run);
            }
            return drained;
        }
    }

    /// <summary>Lets one waiting worker go.</summary>
    public void Release(WorkerSlot slot) => ReleaseWhere(idle => idle == slot);

    /// <summary>No more runs: all workers go once they are idle.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
        ReleaseWhere(_ => true);
    }

    private void Enqueue(JobRun run)
    {
        _runs.Enqueue(run);
        _bytes += run.Job.Data?.Length ?? 0;
    }

    private bool TryDequeue([NotNullWhen(true)] out JobRun? run)
    {
        if (!_runs.TryDequeue(out run)) return false;
        _bytes -= run.Job.Data?.Length ?? 0;
        return true;
    }

    private void ReleaseWhere(Func<WorkerSlot, bool> which)
    {
        List<TaskCompletionSource<JobRun?>> released;
        lock (_gate)
        {
            released = [.. _idle.Where(entry => which(entry.Slot)).Select(entry => entry.Take)];
            _idle.RemoveAll(entry => which(entry.Slot));
        }
        foreach (var take in released) take.TrySetResult(null);
    }
}
