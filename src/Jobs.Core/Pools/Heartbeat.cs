using System.Globalization;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>
/// Renews the leases of what the pool holds, three times a lease. By its own monotonic clock it stops what it could not renew
/// before the lease ends: another pool may then have it.
/// </summary>
internal sealed class Heartbeat(PoolContext pool, HeldRuns held, Func<PoolInfo> describe, Action<TimeSpan?> stopAsked, Reaper reaper)
{
    private readonly TimeSpan _lease = pool.Options.StaleTimeout;

    public async Task RunAsync(CancellationToken stop)
    {
        var warned = false;
        while (!stop.IsCancellationRequested)
        {
            var wait = _lease / 3;
            try
            {
                await BeatAsync().ConfigureAwait(false);
                if (warned)
                {
                    pool.Warn("The job store is back.");
                    reaper.StoreIsBack();
                }
                warned = false;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                reaper.StoreIsAway();
                if (!warned) pool.Warn($"The pool can't renew its leases now; trying again. {StoreErrors.Explain(e, pool.Store.Endpoint).Message}");
                warned = true;
                wait = _lease / 30 < TimeSpan.FromMilliseconds(500) ? TimeSpan.FromMilliseconds(500) : _lease / 30;
            }
            if (warned) await pool.Store.PauseAsync(wait, stop).ConfigureAwait(false);
            else await Task.Delay(wait, pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task BeatAsync()
    {
        var runs = held.All.Where(run => run.StopReason != StopReason.LeaseLost).ToList();
        var record = PoolHash.Write(describe());
        var arguments = new List<RedisValue>(3 + record.Count + 2 * runs.Count) { pool.Id, JobHash.Ms(_lease), record.Count };
        arguments.AddRange(record);
        foreach (var run in runs)
        {
            arguments.Add(run.Job.Id);
            arguments.Add(run.Job.Fence);
        }
        var sent = pool.Time.GetTimestamp();
        var reply = (RedisResult[])(await pool.Store.SendAsync(Scripts.Heartbeat, [.. arguments]).ConfigureAwait(false))!;
        pool.Clock.Set((long)reply[0]);
        var lost = ((string[])reply[3]!).ToHashSet(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            if (lost.Contains(run.Job.Id)) Lose(run);
            else run.LeaseStart = sent;
        }
        foreach (var id in (string[])reply[4]!) held.Find(id)?.Stop(StopReason.Cancelled);
        if ((long)reply[2] >= 0) reaper.LeaseEnds(JobHash.Instant((long)reply[2]));
        if (!reply[1].IsNull) stopAsked(Grace((string)reply[1]!));
    }

    /// <summary>The grace of a stop as it stands in the store: ms, or empty for the pool's own.</summary>
    public static TimeSpan? Grace(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) && ms >= -1 && ms <= JobHash.Ms(Validate.LongestDuration) ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>Looks at the leases twice a margin, whatever hangs.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var run in held.All)
            {
                if (run.StopReason != StopReason.LeaseLost && !pool.Holds(run)) Lose(run);
            }
            await Task.Delay(pool.LeaseMargin / 2, pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Lose(JobRun run)
    {
        if (!run.IsRunning && !run.IsWaiting) return; // over: its outcome is on its way, and the fence decides
        if (run.Stop(StopReason.LeaseLost)) pool.Warn($"The lease of job {run.Job.Id} ({run.Job.Type}) is lost; its run here is stopped.", run.Job.Id);
    }
}
