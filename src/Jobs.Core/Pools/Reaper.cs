using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>
/// Takes back the jobs of pools that died or were cut off, as soon as a lease ends: in every pool, all the time. A job that
/// was taken back too often is failed here. Goes on with settling many jobs that waited for one, step by step.
/// </summary>
internal sealed class Reaper(PoolContext pool, Func<ScheduledJob, JobType, long, JobRun> hold)
{
    private const int AtMost = 100;
    private const int CrashesThatFail = 3;

    private readonly Signal _signal = new();
    private readonly TimeSpan _grace = pool.Options.StaleTimeout / 3;
    private DateTimeOffset _leaseEnds = DateTimeOffset.MaxValue;
    private volatile bool _isAway;
    private volatile bool _isUnsettled;
    private long? _back;

    /// <summary>When the earliest lease of the store ends, as far as known.</summary>
    public void LeaseEnds(DateTimeOffset at)
    {
        if (at == _leaseEnds) return;
        _leaseEnds = at;
        _signal.Set();
    }

    /// <summary>An outcome has left jobs to be settled.</summary>
    public void Settle()
    {
        _isUnsettled = true;
        _signal.Set();
    }

    public void StoreIsAway() => _isAway = true;

    /// <summary>Other pools were cut off as well: they get as long to renew, and to bring what ended meanwhile, as they have between two heartbeats.</summary>
    public void StoreIsBack()
    {
        _back = pool.Time.GetTimestamp();
        _isAway = false;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await WaitForStoreAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var more = false;
            try
            {
                more = await ReapAsync().ConfigureAwait(false);
                _isUnsettled = false;
                if ((long)await pool.Store.SendAsync(Scripts.SettleChildren, pool.Id).ConfigureAwait(false) == 1) more = true;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                // The heartbeat says so.
                await Task.Delay(_grace, pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (!more) await PauseAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitForStoreAsync(CancellationToken stop)
    {
        while (_isAway) await Task.Delay(_grace / 10, pool.Time, stop).ConfigureAwait(false);
        if (_back is not { } back) return;
        var left = _grace - pool.Time.GetElapsedTime(back);
        if (left > TimeSpan.Zero) await Task.Delay(left, pool.Time, stop).ConfigureAwait(false);
    }

    /// <summary>Until the earliest lease ends or, staggered, the next third of a lease.</summary>
    private async Task PauseAsync(CancellationToken stop)
    {
        var regular = _grace * (1 + Random.Shared.NextDouble() / 4);
        var until = pool.Clock.Now + regular;
        while (!stop.IsCancellationRequested && !_isUnsettled)
        {
            var due = _leaseEnds < until ? _leaseEnds : until;
            var wait = due - pool.Clock.Now + TimeSpan.FromMilliseconds(Random.Shared.Next(5, 50));
            if (wait <= TimeSpan.Zero || !await _signal.WaitAsync(wait, stop).ConfigureAwait(false)) return;
        }
    }

    private async Task<bool> ReapAsync()
    {
        var sent = pool.Time.GetTimestamp();
        var reply = (RedisResult[])(await pool.Store.SendAsync(Scripts.PurgeStalePool,
            pool.Id, pool.HostName, JobHash.Ms(pool.Options.StaleTimeout), AtMost, CrashesThatFail, CallSize.Small).ConfigureAwait(false))!;
        var expired = (long)reply[1];
        _leaseEnds = (long)reply[2] >= 0 ? JobHash.Instant((long)reply[2]) : DateTimeOffset.MaxValue;
        for (var at = 3; at < reply.Length;) Fail(JobHash.ReadClaimed(reply, ref at, (long)reply[0], pool), sent);
        if (expired > 0) pool.Warn(expired == 1 ? "A job of a pool that died or was cut off was taken back." : $"{expired} jobs of pools that died or were cut off were taken back.");
        return expired == AtMost || reply.Length > 3;
    }

    private void Fail(ScheduledJob job, long sent)
    {
        var run = hold(job, new JobType { Name = job.Type }, sent);
        if (run.TryRecur()) run.Refuse(job.Defect is null ? Refusal.Poison(job) : Refusal.Malformed(job));
    }
}
