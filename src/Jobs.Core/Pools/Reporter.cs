using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>Brings progress and logs of running jobs to the store, four times a second while there are any.</summary>
/// <remarks>What a report under way has taken comes before the outcome of its run, or goes with it.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class Reporter(PoolContext pool)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OutageInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<JobRun> _pending = new();
    private readonly Signal _signal = new();
    private readonly SemaphoreSlim _sending = new(1);

    public void Add(JobRun run)
    {
        _pending.Enqueue(run);
        _signal.Set();
    }

    /// <summary>Waits for the report under way: it is stored then, or the runs have their records back.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        _sending.Release();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var isAway = false;
        while (!stop.IsCancellationRequested)
        {
            await ((Task)_signal.WaitAsync(TimeSpan.FromDays(1), stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Interval, pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isAway) await pool.Store.PauseAsync(OutageInterval, stop).ConfigureAwait(false);
            await _sending.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                isAway = !await ReportAsync(isAway).ConfigureAwait(false);
            }
            finally
            {
                _sending.Release();
            }
        }
    }

    /// <summary>False: the store can't be reached, and the runs have their records back.</summary>
    private async Task<bool> ReportAsync(bool warned)
    {
        var arguments = new List<RedisValue>();
        var sent = Gather(arguments, out var bytes);
        if (sent.Count == 0) return !warned;
        try
        {
            await pool.Store.SendAsync(Scripts.ReportJobs, pool.Store.Keys.Fixed, [.. arguments], bytes).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (!warned) pool.Warn($"Progress and logs of running jobs can't be stored now; they are kept. {StoreErrors.Explain(e, pool.Store.Endpoint).Message}");
            foreach (var (run, said) in sent)
            {
                if (run.Records!.PutBack(said)) Add(run);
            }
            return false;
        }
    }

    private List<(JobRun Run, Said Said)> Gather(List<RedisValue> arguments, out long bytes)
    {
        var sent = new List<(JobRun, Said)>();
        bytes = 0;
        var room = pool.Store.Room;
        while (_pending.TryPeek(out var next))
        {
            if (sent.Count > 0 && bytes + next.Records!.Bytes > room)
            {
                _signal.Set();
                break;
            }
            if (!_pending.TryDequeue(out var run) || !run.IsRunning) continue; // what it has left goes with its outcome
            var said = run.Records!.Take();
            var from = arguments.Count;
            arguments.AddRange([run.Job.Id, run.Job.Fence]);
            (said with { Before = said.Before ?? 0 }).AppendTo(arguments);
            bytes += CallSize.Of(arguments, from);
            sent.Add((run, said));
        }
        return sent;
    }
}
