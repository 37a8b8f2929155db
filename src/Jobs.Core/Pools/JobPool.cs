using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Threading.Channels;
using Jobs.Core.Pools;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>Claims jobs of its queues and types and runs them: the third door a C# user comes through.</summary>
public sealed class JobPool : IAsyncDisposable, IRunKeeper
{
    private const int EndedBacklog = 10_000;
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
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopClaiming = new();
    private readonly CancellationTokenSource _stopRoles = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Channel<ScheduledJob>? _ended;
    private Task _claiming = Task.CompletedTask;
    private Task _finishing = Task.CompletedTask;
    private Task _roles = Task.CompletedTask;
    private ITimer? _runFor;
    private CancellationTokenSource? _grace;
    private volatile PoolStatus _status = PoolStatus.Running;
    private bool _isStarted;
    private volatile bool _isFlushing;

    /// <summary>Makes a pool; it does nothing before <see cref="StartAsync"/>.</summary>
    /// <exception cref="JobsException">JobTypeNotFound, InvalidName, ValueOutOfRange, DurationOutOfRange.</exception>
    public JobPool(JobStore store, JobTypeRegistry types, PoolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(types);
        options ??= new PoolOptions();
        Check(options);
        _pool = new PoolContext(store.Connection, options, Choose(types, options.Types), Raise);
        _client = new JobClient(store, types);
        _held = new HeldRuns(_pool);
        _claimer = new Claimer(_pool, _held, _queue, this, IsHeldUp, ClaimedAll);
        _reporter = new Reporter(_pool);
        _finisher = new Finisher(_pool, _held, _reporter, Tell, Retried, Committed);
        _reaper = new Reaper(_pool, Fail, Hold);
        _heartbeat = new Heartbeat(_pool, _held, () => Info, StopAsked, _reaper);
        _waker = new Waker(_pool, _held, _claimer, StopAsked);
        _workers = new Workers(_pool, _queue);
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
        Queues = _pool.Names.Queues,
        Types = [.. _pool.Names.Types.Order(StringComparer.OrdinalIgnoreCase)],
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

    /// <summary>Ends when the pool has.</summary>
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
            await PublishAsync(cancellationToken).ConfigureAwait(false);
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
            _runFor = _pool.Time.CreateTimer(_ => StopAsked(null), null, runFor, Timeout.InfiniteTimeSpan);
        _workers.Start();
        _roles = Task.WhenAll(
            Task.Run(() => _heartbeat.RunAsync(_stopRoles.Token), CancellationToken.None),
            Task.Run(() => _reaper.RunAsync(_stopRoles.Token), CancellationToken.None),
            Task.Run(() => _reporter.RunAsync(_stopRoles.Token), CancellationToken.None));
        _finishing = Task.Run(() => _finisher.RunAsync(_giveUp.Token), CancellationToken.None);
        _claiming = Task.Run(() => _claimer.RunAsync(_stopClaiming.Token), CancellationToken.None);
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        var (queues, types) = (_pool.Options.Queues, _pool.Types.Values);
        var names = (string[])(await _pool.Store.RunAsync(Scripts.PublishTypes, TypeHash.Write(queues, types), cancellationToken).ConfigureAwait(false))!;
        _pool.Names = ([.. names.Take(queues.Count).Distinct(StringComparer.Ordinal)], names[queues.Count..]);
    }

    /// <summary>Claims no more, gives claimed jobs that have not begun back, and waits for running ones.</summary>
    /// <param name="grace">How long they may go on before they are stopped and requeued; null: the options' ShutdownTimeout; zero: at once;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: as long as they like. A later call may shorten it.</param>
    /// <param name="cancellationToken">Cancels the wait, not the stop.</param>
    public Task StopAsync(TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        var time = grace ?? _pool.Options.ShutdownTimeout;
        lock (_gate)
        {
            var first = _grace is null;
            _grace ??= new CancellationTokenSource();
            if (time != Timeout.InfiniteTimeSpan) _grace.CancelAfter(time);
            if (first) _ = _isStarted ? EndAsync(_grace.Token) : Task.Run(() => _completion.TrySetResult(), CancellationToken.None);
        }
        return Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Stops at once and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _claimer.Dispose();
        _reaper.Dispose();
        _reporter.Dispose();
        _stopClaiming.Dispose();
        _stopRoles.Dispose();
        _giveUp.Dispose();
        _grace?.Dispose();
    }

    private async Task EndAsync(CancellationToken graceEnds)
    {
        try
        {
            _status = PoolStatus.Stopping;
            _runFor?.Dispose();
            await _stopClaiming.CancelAsync().ConfigureAwait(false);
            await _claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var run in _queue.Drain()) run.Return();
            CheckIdle();

            await _idle.Task.WaitAsync(graceEnds).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var run in _held.All) run.Stop(StopReason.PoolStopping);
            await _idle.Task.ConfigureAwait(false);
            await _workers.StopAsync(_pool.Options.StopGrace).ConfigureAwait(false);

            _finisher.Complete();
            _isFlushing = true;
            GiveUpLater();
            await _finishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_finishing.IsCompletedSuccessfully) _pool.Warn("The store can't be reached: outcomes that it does not have are dropped; those jobs run again when their leases end.");
            await TellRetriedAsync().ConfigureAwait(false);
            await _stopRoles.CancelAsync().ConfigureAwait(false);
            await _roles.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _waker.StopAsync().ConfigureAwait(false);
            await ForgetAsync().ConfigureAwait(false);
        }
        finally
        {
            _status = PoolStatus.Stopped;
            _ended?.Writer.TryComplete();
            _completion.TrySetResult();
        }
    }

    private void Tell(ScheduledJob job)
    {
        _retried.TryRemove(job.Id, out _);
        _ended?.Writer.TryWrite(job);
    }

    private void Retried(string id)
    {
        if (_pool.Options.UntilEmpty && _ended is not null) _retried[id] = true;
    }

    /// <summary>Who runs until empty learns of each job that failed, also of those that will be tried again.</summary>
    private async Task TellRetriedAsync()
    {
        if (_retried.IsEmpty) return;
        try
        {
            foreach (var job in await _client.FindAsync([.. _retried.Keys]).WaitAsync(LongestFlush).ConfigureAwait(false))
            {
                if (job is { Status: JobStatus.Scheduled or JobStatus.Queued or JobStatus.Saved, Error: not null }) _ended!.Writer.TryWrite(job);
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
            await _pool.Store.SendAsync(Scripts.StopPool, _pool.Id, "forget", "").WaitAsync(LongestFlush).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            _pool.Warn("The pool has ended, but the store could not be told: it is listed as stale for a while.");
        }
    }

    private void StopAsked(TimeSpan? grace) => _ = StopAsync(grace);

    /// <summary>The claimer is done of itself: nothing is due (UntilEmpty), or enough has begun (MaxJobs).</summary>
    private void ClaimedAll(bool enough) => _ = Task.Run(() => StopAsync(enough ? Timeout.InfiniteTimeSpan : null));

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

    /// <summary>Ends a job that was in the hands of too many pools that died.</summary>
    private static void Fail(JobRun run)
    {
        if (run.TryRecur()) run.Refuse(Reaper.PoisonError(run.Job));
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

    private void Raise(PoolEvent poolEvent) => Event?.Invoke(poolEvent);

    private static Dictionary<string, JobType> Choose(JobTypeRegistry types, IReadOnlyList<string>? patterns)
    {
        var all = types.All;
        if (patterns is not null)
        {
            foreach (var pattern in patterns)
            {
                if (!all.Any(type => Matches(pattern, type)))
                    throw new JobsException(JobsError.JobTypeNotFound, $"No job type '{pattern}' is registered here. Register it before the pool is started (Register-JobType).") { Target = pattern };
            }
            all = [.. all.Where(type => patterns.Any(pattern => Matches(pattern, type)))];
        }
        if (all.Count == 0)
            throw new JobsException(JobsError.JobTypeNotFound, "No job type is registered here: a pool would have nothing to run. Register one first (Register-JobType).");
        return all.ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);

        static bool Matches(string pattern, JobType type) => FileSystemName.MatchesSimpleExpression(pattern, type.Name, ignoreCase: true);
    }

    private static void Check(PoolOptions options)
    {
        Validate.Range(options.Workers, 1, 10_000, nameof(options.Workers));
        Validate.Range(options.BatchSize, 0, 1000, nameof(options.BatchSize));
        Validate.Positive(options.PollInterval, nameof(options.PollInterval));
        if (options.StaleTimeout < TimeSpan.FromSeconds(1))
            throw new JobsException(JobsError.DurationOutOfRange, $"StaleTimeout {options.StaleTimeout} is out of range: a lease lasts at least 1 s.");
        Validate.Positive(options.StaleTimeout, nameof(options.StaleTimeout));
        if (options.ShutdownTimeout != Timeout.InfiniteTimeSpan) Validate.Delay(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        Validate.Positive(options.StopGrace, nameof(options.StopGrace));
        Validate.Positive(options.RunFor, nameof(options.RunFor));
        if (options.MaxJobs is < 1)
            throw new JobsException(JobsError.ValueOutOfRange, $"MaxJobs {options.MaxJobs} is out of range: use 1 or more.");
        if (options.Queues.Count == 0)
            throw new JobsException(JobsError.ValueOutOfRange, "A pool serves at least one queue.");
        foreach (var queue in options.Queues) Validate.Name(queue, "queue");
        if (options.Name is not null) Validate.Name(options.Name, "pool");
    }
}
