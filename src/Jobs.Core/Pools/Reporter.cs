using System.Collections.Concurrent;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>Brings progress and logs of running jobs to the store, four times a second while there are any.</summary>
internal sealed class Reporter(PoolContext pool) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<JobRun> _pending = new();
    private readonly Signal _signal = new();

    public void Add(JobRun run)
    {
        _pending.Enqueue(run);
        _signal.Set();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ((Task)_signal.WaitAsync(TimeSpan.FromDays(1), stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Interval, pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await SendAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                pool.Warn($"Progress and logs of running jobs could not be stored: {StoreErrors.Explain(e, pool.Store.Endpoint).Message}");
            }
        }
    }

    private async Task SendAsync()
    {
        var arguments = new List<RedisValue>();
        while (_pending.TryDequeue(out var run))
        {
            if (!run.IsRunning) continue; // what it has left goes with its outcome
            var (progress, log) = run.Records!.Take();
            arguments.AddRange([run.Job.Id, run.Job.Fence, progress, log.Count]);
            foreach (var entry in log) arguments.Add(entry);
        }
        if (arguments.Count > 0) await pool.Store.SendAsync(Scripts.ReportJobs, [.. arguments]).ConfigureAwait(false);
    }

    public void Dispose() => _signal.Dispose();
}
