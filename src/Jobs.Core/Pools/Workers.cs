using System.Diagnostics.CodeAnalysis;

namespace Jobs.Core.Pools;

/// <summary>A pool's workers: started together, replaced one by one when a handler does not end.</summary>
internal sealed class Workers(PoolContext pool, RunQueue queue)
{
    private readonly Lock _gate = new();
    private readonly List<(WorkerSlot Slot, Task Life)> _workers = [];

    public void Start()
    {
        lock (_gate)
        {
            for (var number = 0; number < pool.Options.Workers; number++) Add(number);
        }
    }

    /// <summary>Puts another in the place of the worker that can't be had back from a run.</summary>
    public void Replace(JobRun run)
    {
        lock (_gate)
        {
            var index = _workers.FindIndex(worker => worker.Slot.Current == run);
            if (index < 0) return;
            var slot = _workers[index].Slot;
            slot.Close();
            _workers.RemoveAt(index);
            Add(slot.Number);
        }
        pool.Warn($"The handler of job {run.Job.Id} ({run.Job.Type}) did not end when told to ({run.StopReason}); its worker was abandoned and replaced.", run.Job.Id);
    }

    /// <summary>Lets all go, and waits for them for so long.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        queue.Close();
        List<Task> lives;
        lock (_gate)
        {
            foreach (var (slot, _) in _workers) slot.Close();
            lives = [.. _workers.Select(worker => worker.Life)];
        }
        try
        {
            await Task.WhenAll(lives).WaitAsync(patience, pool.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            pool.Warn("A worker did not end with its pool.");
        }
    }

    private void Add(int number)
    {
        var slot = new WorkerSlot(number, queue);
        _workers.Add((slot, Task.Run(() => LiveAsync(slot))));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A worker's fault must not end the pool; it is told and the worker begins again.")]
    private async Task LiveAsync(WorkerSlot slot)
    {
        while (!slot.IsClosed)
        {
            try
            {
                await (pool.Options.Worker ?? CallHandlersAsync)(slot).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
            {
                slot.Current?.Fail(JobError.From(e));
                pool.Warn($"Worker {slot.Number} broke and begins again: {e.Message}");
            }
            await Task.Delay(TimeSpan.FromSeconds(1), pool.Time, slot.Closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The worker for compiled handlers.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a handler throws is its job's error.")]
    private static async Task CallHandlersAsync(WorkerSlot slot)
    {
        while (await slot.TakeAsync().ConfigureAwait(false) is { } run)
        {
            try
            {
                var handler = run.Type.Handler ?? throw new InvalidOperationException($"Job type '{run.Type.Name}' has no compiled handler.");
                run.Succeed(await handler(run, run.Stopping).ConfigureAwait(false));
            }
            catch (Exception e)
            {
                run.Fail(JobError.From(e));
            }
        }
    }
}
