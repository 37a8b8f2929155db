using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Jobs.Core.Pools;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>Claims jobs of its queues and types and runs them: the third door a C# user comes through.</summary>
public sealed class JobPool : IAsyncDisposable, IRunKeeper
{
    private const int EndedBacklog = 10_000;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(5);

    private readonly PoolContext _pool;
    private readonly RunQueue _queue = new();
    private readonly HeldRuns _held;
    private readonly Claimer _claimer;
    private readonly Finisher _finisher;
    private readonly Heartbeat _heartbeat;
    private readonly Reaper _reaper;
    private readonly Reporter _reporter;
    private readonly Waker _waker;
    private readonly Workers _workers;
    private readonly JobClient _client;
    private readonly ConcurrentDictionary<string, bool> _retried = new(StringComparer.Ordinal);
    private readonly Roles _roles;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopClaiming = new();
    private readonly CancellationTokenSource _leaveClaim = new();
    private readonly CancellationTokenSource _stopRoles = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource _graceEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Channel<ScheduledJob>? _ended;
    private Task _claiming = Task.CompletedTask;
    private Task _finishing = Task.CompletedTask;
    private Alarm? _runFor;
    private Alarm? _grace;
    private JobsException? _failure;
    private volatile PoolStatus _status = PoolStatus.Running;
    private bool _isStarted;
    private bool _hasBegunEnough;
    private volatile bool _isFlushing;
    private bool _isStopping;

    /// <summary>Makes a pool; it does nothing before <see cref="StartAsync"/>.</summary>
    /// <exception cref="JobsException">JobTypeNotFound, InvalidName, ValueOutOfRange, DurationOutOfRange.</exception>
    public JobPool(JobStore store, JobTypeRegistry types, PoolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(types);
        options ??= new PoolOptions();
        Validate.Pool(options);
        _pool = new PoolContext(store.Connection, options, new ServedTypes(types, options, store.Connection), Raise);
        _client = new JobClient(store, types);
        _held = new HeldRuns(_pool);
        _claimer = new Claimer(_pool, _held, _queue, this, IsHeldUp, ClaimedAll, _leaveClaim.Token);
        _reporter = new Reporter(_pool);
        _reaper = new Reaper(_pool, Hold);
        _finisher = new Finisher(_pool, _held, _reporter, Tell, Retried, Committed, _reaper.Settle);
        _heartbeat = new Heartbeat(_pool, _held, () => Info, Stop, _reaper);
        _waker = new Waker(_pool, _held, _claimer, Stop);
        _workers = new Workers(_pool, _queue);
        _roles = new Roles(Fail);
        _pool.Types.Changed += _claimer.TypesChanged;
    }

    /// <summary>New for each pool.</summary>
    public string Id => _pool.Id;

    /// <summary>How it stands now.</summary>
    public PoolInfo Info => new()
    {
        Id = _pool.Id,
        Name = _pool.Options.Name ?? _pool.HostName,
        HostName = _pool.HostName,
        ProcessId = Environment.ProcessId,
        Status = _status,
        Workers = _pool.Options.Workers,
        Busy = _held.Busy,
        Queues = _pool.Types.Names.Queues,
        Types = [.. _pool.Types.Names.Types.Order(StringComparer.OrdinalIgnoreCase)],
        Started = _pool.Started,
        LastHeartbeat = _pool.Clock.Now,
        Processed = _held.Processed,
        Failed = _held.Failed,
    };

    /// <summary>
    /// Each job whose run ended for good in this pool, after the store has it: finished, failed without a retry, or cancelled; of a recurring job each
    /// occurrence, with the status of that run. At the end of a pool that runs until empty come those whose attempt failed here and that are to be
    /// retried when it has gone, as they are in the store. Ask for it before <see cref="StartAsync"/>, and read it: while 10,000 wait the pool claims no more.
    /// </summary>
    public ChannelReader<ScheduledJob> Ended => LazyInitializer.EnsureInitialized(ref _ended,
        () => Channel.CreateUnbounded<ScheduledJob>()).Reader;

    /// <summary>What the pool has to say beside its jobs' outcomes: lost leases, a store out of reach, replaced workers. Called from any thread.</summary>
    public event Action<PoolEvent>? Event;

    /// <summary>Ends when the pool has; with a <see cref="JobsException"/>, PoolFailed, when something in it broke.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Makes itself and its types known in the store and begins.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isStarted) throw new InvalidOperationException("A pool starts once. Make another.");
            _isStarted = true;
        }
        try
        {
            // Before anything is sent: a pool that may claim but not finish would hold its jobs for ever.
            await _pool.Store.DemandAsync(Scripts.OfPools, listens: true).WaitAsync(cancellationToken).ConfigureAwait(false);
            await _pool.Types.PublishAsync(cancellationToken).ConfigureAwait(false);
            await _pool.Store.PersistAsync(_heartbeat.BeatAsync, cancellationToken).ConfigureAwait(false);
            await _waker.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _completion.TrySetResult();
            if (e is RedisException or TimeoutException) throw StoreErrors.Explain(e, _pool.Store.Endpoint);
            throw;
        }
        if (_pool.Options.RunFor is { } runFor)
            _runFor = new Alarm(_pool.Time, runFor, () => Stop(null));
        _workers.Start();
        // Under the gate: one that breaks at once must find the others begun.
        lock (_gate)
        {
            _roles.Start("heartbeat", _heartbeat.RunAsync, _stopRoles.Token);
            _roles.Start("watch over leases", _heartbeat.WatchAsync, _stopRoles.Token);
            _roles.Start("reaper", _reaper.RunAsync, _stopRoles.Token);
            _roles.Start("reporter", _reporter.RunAsync, _stopRoles.Token);
            _roles.Start("waker", _waker.ListenAsync, _stopRoles.Token);
            _roles.Start("listener to publishers", _waker.OverhearAsync, _stopRoles.Token);
            _roles.Start("listener for requests", _waker.ObeyAsync, _stopRoles.Token);
            _finishing = _roles.Start("finisher", _finisher.RunAsync, _giveUp.Token);
            _claiming = _roles.Start("claimer", ClaimAsync, _stopClaiming.Token);
        }
    }

    /// <summary>Claims no more, gives claimed jobs that have not begun back, and waits for running ones.</summary>
    /// <param name="grace">How long they may go on before they are stopped and requeued; null: the options' ShutdownTimeout; zero: at once;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: as long as they like. A later call may shorten it.</param>
    /// <param name="cancellationToken">Cancels the wait, not the stop.</param>
    /// <exception cref="JobsException">DurationOutOfRange; PoolFailed as <see cref="Completion"/>.</exception>
    public Task StopAsync(TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        Validate.Grace(grace, nameof(grace));
        Stop(grace);
        return Completion.WaitAsync(cancellationToken);
    }

    private void Stop(TimeSpan? grace)
    {
        var time = grace ?? _pool.Options.ShutdownTimeout;
        lock (_gate)
        {
            if (Completion.IsCompleted) return;
            if (time != Timeout.InfiniteTimeSpan)
            {
                _grace?.Dispose();
                _grace = new Alarm(_pool.Time, time, () => _graceEnded.TrySetResult());
            }
            if (_isStopping) return;
            _isStopping = true;
            _pool.Types.Dispose();
            _ = _isStarted ? EndAsync() : Task.Run(() => _completion.TrySetResult(), CancellationToken.None);
        }
    }

    /// <summary>A pool that lacks a part would only look alive: it says so, gives its jobs back and ends.</summary>
    private void Fail(string part, Exception reason)
    {
        var failure = new JobsException(JobsError.PoolFailed, $"Pool '{Id}' failed: its {part} broke: {reason.Message} Its jobs go back to their queues. Start another pool.", reason) { Target = Id };
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null) return;
        Stop(TimeSpan.Zero);
        _pool.Warn(failure.Message);
    }

    /// <summary>Stops at once and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        // Who waits for the pool is told of its failure; not who has done with it.
        await StopAsync(TimeSpan.Zero).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Also of one that failed before it began.
        _pool.Types.Dispose();
        _grace?.Dispose();
        _stopClaiming.Dispose();
        _leaveClaim.Dispose();
        _stopRoles.Dispose();
        _giveUp.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whoever waits for the pool is told.")]
    private async Task EndAsync()
    {
        try
        {
            await WindDownAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail("end", e);
        }
        _status = PoolStatus.Stopped;
        _ended?.Writer.TryComplete();
        if (_failure is null) _completion.TrySetResult();
        else _completion.TrySetException(_failure);
    }

    /// <summary>Whoever waits may be a process that wants to end: each wait in here has an end of its own, whatever the store and the handlers do.</summary>
    private async Task WindDownAsync()
    {
        _status = PoolStatus.Stopping;
        _runFor?.Dispose();
        await _stopClaiming.CancelAsync().ConfigureAwait(false);
        _leaveClaim.CancelAfter(LongestFlush);
        await _claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // While the last jobs run, others are to be woken.
        var deaf = _waker.StopListeningAsync(LongestFlush);
        foreach (var run in _queue.Drain()) run.Return();
        CheckIdle();

        await Task.WhenAny(_idle.Task, _graceEnded.Task).ConfigureAwait(false);
        foreach (var run in _held.All) run.Stop(StopReason.PoolStopping);
        await _idle.Task.ConfigureAwait(false);
        await _workers.StopAsync(_pool.Options.StopGrace).ConfigureAwait(false);

        if (_finishing.IsFaulted)
        {
            // What it had in hand is given back, what has come since is stored: outcomes first.
            foreach (var run in _held.All) _finisher.Add(run, RunOutcome.Released());
            _finishing = _roles.Start("finisher", _finisher.RunAsync, _giveUp.Token);
        }
        _finisher.Complete();
        _isFlushing = true;
        GiveUpLater();
        await _finishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_finishing.IsCompletedSuccessfully) _pool.Warn("The store can't be reached: outcomes that it does not have are dropped; those jobs run again when their leases end.");
        await TellRetriedAsync().ConfigureAwait(false);
        await _stopRoles.CancelAsync().ConfigureAwait(false);
        await _roles.Completion.WaitAsync(LongestFlush, _pool.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Side by side, so that a store that does not answer is waited for once.
        await Task.WhenAll(deaf, _waker.StopAsync(LongestFlush), ForgetAsync()).ConfigureAwait(false);
    }

    private void Tell(JobRun run, JobStatus status, JobError? error)
    {
        _retried.TryRemove(run.Job.Id, out _);
        // Made only where somebody reads it.
        _ended?.Writer.TryWrite(run.AsEnded(status, error));
    }

    private void Retried(string id)
    {
        if (_pool.Options.UntilEmpty && (_ended is not null || _pool.Options.IncludeRetries)) _retried[id] = true;
    }

    /// <summary>Who runs until empty learns of each job that failed, also of those that will be tried again.</summary>
    private async Task TellRetriedAsync()
    {
        if (_retried.IsEmpty) return;
        try
        {
            foreach (var job in await _client.FindAsync([.. _retried.Keys]).WaitAsync(LongestFlush).ConfigureAwait(false))
            {
                if (job is { Status: JobStatus.Scheduled or JobStatus.Queued or JobStatus.Saved, Error: not null }) _ended?.Writer.TryWrite(job);
            }
        }
        catch (Exception e) when (e is JobsException or TimeoutException)
        {
            _pool.Warn($"{_retried.Count} jobs failed and are to be tried again; how they stand can't be read now: {e.Message}");
        }
    }

    private async Task ForgetAsync()
    {
        try
        {
            var names = _pool.Types.Names;
            await _pool.Store.SendAsync(Scripts.StopPool, _pool.Store.Keys.WithGroup(names.Queues, names.Types), [_pool.Id, "forget", ""]).WaitAsync(LongestFlush).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            _pool.Warn("The pool has ended, but the store could not be told: it is listed as stale for a while.");
        }
    }

    /// <summary>The claimer is done of itself: nothing is due (UntilEmpty), or enough has begun (MaxJobs).</summary>
    private void ClaimedAll(bool enough) => _hasBegunEnough = enough;

    private async Task ClaimAsync(CancellationToken stop)
    {
        do await _claimer.RunAsync(stop).ConfigureAwait(false);
        while (!stop.IsCancellationRequested && !_hasBegunEnough && await AwaitRetriesAsync(stop).ConfigureAwait(false));
        if (!stop.IsCancellationRequested) Stop(_hasBegunEnough ? Timeout.InfiniteTimeSpan : null);
    }

    /// <summary>Lets a moment pass, until the next retry at most; false when none is waited for.</summary>
    private async Task<bool> AwaitRetriesAsync(CancellationToken stop)
    {
        if (!_pool.Options.IncludeRetries || _retried.IsEmpty) return false;
        var pause = _pool.Options.PollInterval;
        try
        {
            var ids = _retried.Keys.ToList();
            var jobs = await _client.FindAsync(ids, omitLargeData: true, stop).ConfigureAwait(false);
            for (var i = 0; i < ids.Count; i++)
            {
                // Another pool may have brought it to its end; one that is held waits for somebody.
                if (jobs[i] is { Status: JobStatus.Executing } or { HasEnded: false, Status: not JobStatus.Saved, Error: not null })
                {
                    if (jobs[i]!.Due - _pool.Clock.Now is { } left && left < pause) pause = left > ShortestPause ? left : ShortestPause;
                }
                else if (_retried.TryRemove(ids[i], out _) && jobs[i] is { HasEnded: true })
                {
                    _ended?.Writer.TryWrite(await _client.GetAsync(ids[i], stop).ConfigureAwait(false));
                }
            }
        }
        catch (JobsException)
        {
            // Removed meanwhile, or the store is out of reach: the next look tells.
        }
        await Task.Delay(pause, _pool.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _claimer.Wake();
        return true;
    }

    /// <summary>What has ended waits to be stored, or to be read, in such numbers that no more may be added.</summary>
    private bool IsHeldUp() => _ended?.Reader.Count > EndedBacklog || _finisher.IsFull;

    /// <summary>The last outcomes are given up when none of them is stored for so long.</summary>
    private void GiveUpLater() => _giveUp.CancelAfter(_finisher.TimeForNext);

    private void Committed()
    {
        if (_isFlushing) GiveUpLater();
        // In until-empty mode the last commit may have made more jobs due: the claimer looks once more.
        if (_pool.Options.UntilEmpty && _held.IsEmpty) _claimer.Wake();
        else _claimer.Capacity();
    }

    private JobRun Hold(ScheduledJob job, JobType type, long leaseStart)
    {
        var run = new JobRun(_pool, this, job, type, leaseStart);
        _held.Add(run);
        return run;
    }

    void IRunKeeper.Began(JobRun run)
    {
        _held.Began();
        if (_pool.IsVerbose) _pool.Say($"Job {run.Job.Id} ({run.Job.Type}) starts.", run.Job.Id);
    }

    void IRunKeeper.Recorded(JobRun run) => _reporter.Add(run);

    void IRunKeeper.Over(JobRun run, RunOutcome outcome, bool began)
    {
        if (began) _held.Ended(run, outcome);
        if (outcome.Kind == RunOutcomeKind.Dropped) _held.Remove(run);
        else _finisher.Add(run, outcome);
        CheckIdle();
        _claimer.Capacity();
    }

    void IRunKeeper.Abandoned(JobRun run) => _workers.Replace(run);

    private void CheckIdle()
    {
        if (_status != PoolStatus.Stopping || _held.Busy > 0 || !_claiming.IsCompleted) return;
        // Not by the queue's length: a run is neither in it nor busy while a worker takes it.
        if (!_held.All.Any(run => run.IsWaiting || run.IsRunning)) _idle.TrySetResult();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A listener of the caller's that throws must not end the process from a timer's thread; the pool fails with it.")]
    private void Raise(PoolEvent poolEvent)
    {
        try
        {
            Event?.Invoke(poolEvent);
        }
        catch (Exception e)
        {
            Fail("listener to events", e);
        }
    }
}
