using System.Collections.Concurrent;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>Claims jobs for free workers, and a few ahead where they will start within moments.</summary>
internal sealed class Claimer(PoolContext pool, HeldRuns held, RunQueue queue, IRunKeeper keeper, Func<bool> isHeldUp, Action<bool> finished, CancellationToken leave)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>What passed longer before this pool started was missed.</summary>
    private static readonly TimeSpan Downtime = TimeSpan.FromMinutes(1);

    /// <summary>A script can't hand many thousands on at once.</summary>
    private const int LargestClaim = 1000;

    private readonly Signal _signal = new();
    private readonly ConcurrentQueue<string> _told = new();
    private RedisValue[] _types = [];
    private RedisKey[] _keys = [];
    private int _mayHaveWork = 1;
    private DateTimeOffset _nextDue = DateTimeOffset.MaxValue;
    private long _announced = long.MaxValue;
    private bool _isDue;
    private bool _isLarge;
    private long _claims;
    private long _begun;

    /// <summary>There may be jobs to claim.</summary>
    public void Wake()
    {
        Volatile.Write(ref _mayHaveWork, 1);
        _signal.Set();
    }

    /// <summary>This pool was chosen for work in a lane: what it has no room for, it passes on.</summary>
    public void Wake(string lane)
    {
        _told.Enqueue(lane);
        Wake();
    }

    /// <summary>A worker is free, or an outcome is stored. Told for every job: it wakes the claimer only when little waits.</summary>
    public void Capacity()
    {
        if (IsLow(queue.Count, held.Prefetch)) _signal.Set();
    }

    /// <summary>The pool's types have changed.</summary>
    public void TypesChanged() => _signal.Set();

    /// <summary>This pool is to look at a time: a job will be due.</summary>
    public void DueAt(DateTimeOffset due)
    {
        Volatile.Write(ref _announced, Math.Min(Volatile.Read(ref _announced), due.UtcTicks));
        _signal.Set();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        Serve();
        while (!stop.IsCancellationRequested)
        {
            if (pool.Types.HaveChanged() && !await ChangeTypesAsync(stop).ConfigureAwait(false)) continue;
            var wanted = Wanted();
            // What still waits for a worker would be given back: it is not done before the last has been taken.
            if (pool.Options.MaxJobs is { } max && Interlocked.Read(ref _begun) >= max && queue.Count == 0)
            {
                finished(true);
                return;
            }
            var mayHaveWork = wanted > 0 && Interlocked.Exchange(ref _mayHaveWork, 0) == 1;
            // A full pool, too, moves what is due to its lane, and passes on what it was chosen for: others are woken for it.
            if (mayHaveWork || _isDue || (wanted == 0 && !_told.IsEmpty))
            {
                _isDue = false;
                if (await ClaimAsync(wanted, stop).ConfigureAwait(false)) continue;
                finished(false);
                return;
            }
            var untilDue = NextDue - pool.Clock.Now;
            var wait = untilDue < pool.Options.PollInterval ? untilDue : pool.Options.PollInterval;
            if (!await _signal.WaitAsync(wait, stop).ConfigureAwait(false))
            {
                Volatile.Write(ref _mayHaveWork, 1);
                GiveBackStuck();
            }
            if (NextDue <= pool.Clock.Now)
            {
                _nextDue = DateTimeOffset.MaxValue;
                Volatile.Write(ref _announced, long.MaxValue);
                _isDue = true;
                Volatile.Write(ref _mayHaveWork, 1);
            }
        }
    }

    /// <summary>When this pool is to look, as far as the last claim or an announcement since says.</summary>
    private DateTimeOffset NextDue =>
        Volatile.Read(ref _announced) is var announced && announced < _nextDue.UtcTicks ? new DateTimeOffset(announced, TimeSpan.Zero) : _nextDue;

    /// <summary>Claims from the lanes of the pool's types as they are now.</summary>
    private void Serve()
    {
        var names = pool.Types.Names;
        _types = [.. names.Types.Select(type => (RedisValue)type)];
        _keys = pool.Store.Keys.WithLanes(names.Queues, names.Types);
    }

    /// <summary>Serves other types than before; what was claimed of those that are gone goes back. False: the store did not take them.</summary>
    private async Task<bool> ChangeTypesAsync(CancellationToken stop)
    {
        try
        {
            await pool.Types.PublishAsync(stop).ConfigureAwait(false);
        }
        catch (JobsException e)
        {
            pool.Warn($"The pool's types have changed, but can't be made known now; trying again. {e.Message}");
            pool.Types.Retry();
            await Task.Delay(LongestPause, pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
        Serve();
        GiveBack(run => pool.Types.Find(run.Job.Type) is null);
        Volatile.Write(ref _mayHaveWork, 1);
        return true;
    }

    /// <summary>Free workers, and as many more as start soon; nothing while enough wait.</summary>
    private int Wanted()
    {
        var waiting = queue.Count;
        var prefetch = held.Prefetch;
        if (!IsLow(waiting, prefetch) || queue.Bytes > CallSize.Most || isHeldUp()) return 0;
        var wanted = pool.Options.Workers + prefetch - waiting - held.Busy;
        if (pool.Options.MaxJobs is { } max) wanted = (int)Math.Min(wanted, max - Interlocked.Read(ref _begun) - waiting);
        return Math.Clamp(wanted, 0, LargestClaim);
    }

    private static bool IsLow(int waiting, int prefetch) => waiting <= prefetch / 2;

    /// <summary>False when the pool runs until empty, and is.</summary>
    private async Task<bool> ClaimAsync(int wanted, CancellationToken stop)
    {
        var nothingHeld = held.IsEmpty;
        // The claim's answer tells of what was announced before it.
        Volatile.Write(ref _announced, long.MaxValue);
        if (await SendAsync(wanted, stop).ConfigureAwait(false) is not var (reply, sent)) return true;

        pool.Clock.Set((long)reply[0]);
        _nextDue = (long)reply[1] >= 0 ? JobHash.Instant((long)reply[1]) : DateTimeOffset.MaxValue;
        var (claimed, bytes) = (0, 0L);
        for (var at = 3; at < reply.Length; claimed++) bytes += Start(JobHash.ReadClaimed(reply, ref at, (long)reply[0], pool), (long)reply[0], sent);
        if (claimed >= wanted || (long)reply[2] == 1) Volatile.Write(ref _mayHaveWork, 1);
        pool.Store.Passed(bytes, pool.Time.GetElapsedTime(sent));
        // Large jobs are claimed by the connection for such, several at a time, until they are small again.
        _isLarge = bytes > CallSize.Small / 2;
        return claimed > 0 || wanted == 0 || !pool.Options.UntilEmpty || !nothingHeld || (long)reply[2] > 0 || await IsSettlingAsync().ConfigureAwait(false);
    }

    /// <summary>Whether jobs that wait for others, which have ended, are still to go on or to be cancelled.</summary>
    private async Task<bool> IsSettlingAsync()
    {
        try
        {
            return (long)await pool.Store.SendAsync(Scripts.SettleChildren, pool.Id).ConfigureAwait(false) > 0;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            return true; // the next claim finds out
        }
    }

    /// <summary>
    /// Sends the claim until it is answered: repeated with the same number it gives the same jobs, with leases that begin anew.
    /// With the answer, when it was asked for. Null when told to stop, or to leave what is under way.
    /// </summary>
    private async Task<(RedisResult[] Reply, long Sent)?> SendAsync(int wanted, CancellationToken stop)
    {
        var claim = ++_claims;
        var told = _told.IsEmpty ? "" : string.Join(' ', TakeTold());
        var warned = false;
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (stop.IsCancellationRequested && !warned) return null;
            // No more than is here long before its leases end.
            var room = _isLarge ? Math.Max(pool.Store.Room, CallSize.Small + 1) : CallSize.Small;
            var sent = pool.Time.GetTimestamp();
            try
            {
                var reply = await pool.Store.SendAsync(Scripts.PopNextJobs, _keys,
                    [claim, pool.Id, pool.HostName, JobHash.Ms(pool.Options.StaleTimeout), wanted, room, told, .. _types], room).WaitAsync(leave).ConfigureAwait(false);
                return ((RedisResult[])reply!, sent);
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                return null; // what it claims comes back when its lease ends
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                if (!warned) pool.Warn($"No jobs can be claimed now; trying again. {StoreErrors.Explain(e, pool.Store.Endpoint).Message}");
                warned = true;
                // Told to stop in an outage: what a lost reply may have claimed comes back when its lease ends.
                if (stop.IsCancellationRequested) return null;
                // Jobs may have been claimed that are too large for a slow link to bring in time.
                if (e is TimeoutException) _isLarge = true;
            }
            await pool.Store.PauseAsync(pause, leave).ConfigureAwait(false);
        }
    }

    private HashSet<string> TakeTold()
    {
        var lanes = new HashSet<string>(StringComparer.Ordinal);
        while (_told.TryDequeue(out var lane)) lanes.Add(lane);
        return lanes;
    }

    /// <summary>Hands a claimed job on. Returns how large it is.</summary>
    private int Start(ScheduledJob job, long now, long sent)
    {
        var bytes = CallSize.Of(job.Data);
        if (held.Find(job.Id) is { } known && known.Job.Fence == job.Fence) return bytes; // an answer to a repeated claim
        var type = pool.Types.Find(job.Type);
        var run = new JobRun(pool, keeper, job, type ?? new JobType { Name = job.Type }, sent);
        held.Add(run);
        if (type is null)
        {
            // Unregistered while the claim was under way.
            run.Return();
            return bytes;
        }
        if (!run.TryRecur()) return bytes;
        if (job.Defect is not null)
        {
            run.Refuse(Refusal.Malformed(job));
            return bytes;
        }
        if (PutOffTo(run, JobHash.Instant(now)) is { } due)
        {
            run.PutOff(due);
            return bytes;
        }
        if (pool.IsVerbose) pool.Say($"Job {job.Id} ({job.Type}) claimed, attempt {job.Attempts}.", job.Id);
        Interlocked.Increment(ref _begun);
        queue.Add(run);
        return bytes;
    }

    /// <summary>The next regular time of a job that skips those that passed while no pool ran.</summary>
    private DateTimeOffset? PutOffTo(JobRun run, DateTimeOffset now)
    {
        var job = run.Job;
        // A retry stands for an occurrence that was begun in time.
        if (run.Recurrence is not { } recurrence || job.Missed != MissedPolicy.Skip || job.Attempts > 1 || job.Occurrence is not { } occurrence) return null;
        // This pool was there, but busy; or pools come and go, as in a scheduled task. And a job is not put off twice in a row, or it might never run.
        if (occurrence > pool.Started - Downtime || occurrence == job.PutOffTo) return null;
        try
        {
            return recurrence.IsMissed(occurrence, now) ? recurrence.Next(occurrence, now) : null;
        }
        catch (JobsException)
        {
            return null; // there is no later time
        }
    }

    /// <summary>Runs that wait behind long ones although they were claimed to start soon: another pool may be free for them.</summary>
    private void GiveBackStuck() => GiveBack(run => pool.Time.GetElapsedTime(run.Arrived) > LongestWait);

    private void GiveBack(Func<JobRun, bool> which)
    {
        foreach (var run in queue.Drain(which))
        {
            Interlocked.Decrement(ref _begun);
            run.Return();
        }
    }
}
