using System.Collections.Concurrent;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>Brings progress and logs of running jobs to the store, four times a second while there are any.</summary>
internal sealed class Reporter(PoolContext pool) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OutageInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<JobRun> _pending = new();
    private readonly Signal _signal = new();

    public void Add(JobRun run)
    {
        _pending.Enqueue(run);
        _signal.Set();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var wait = Interval;
        while (!stop.IsCancellationRequested)
        {
            await ((Task)_signal.WaitAsync(TimeSpan.FromDays(1), stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(wait, pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var arguments = new List<RedisValue>();
            var sent = Gather(arguments);
            if (sent.Count == 0) continue;
            try
            {
                await pool.Store.SendAsync(Scripts.ReportJobs, [.. arguments]).ConfigureAwait(false);
                wait = Interval;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                if (wait == Interval) pool.Warn($"Progress and logs of running jobs can't be stored now; the logs are kept. {StoreErrors.Explain(e, pool.Store.Endpoint).Message}");
                wait = OutageInterval;
                foreach (var (run, log) in sent)
                {
                    if (run.Records!.PutBack(log)) Add(run);
                }
            }
        }
    }

    private List<(JobRun Run, IReadOnlyList<string> Log)> Gather(List<RedisValue> arguments)
    {
        var sent = new List<(JobRun, IReadOnlyList<string>)>();
        while (_pending.TryDequeue(out var run))
        {
            if (!run.IsRunning) continue; // what it has left goes with its outcome
            var (progress, log) = run.Records!.Take();
            arguments.AddRange([run.Job.Id, run.Job.Fence, progress, log.Count]);
            foreach (var entry in log) arguments.Add(entry);
            sent.Add((run, log));
        }
        return sent;
    }

    public void Dispose() => _signal.Dispose();
}
