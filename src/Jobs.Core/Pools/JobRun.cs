using System.Diagnostics.CodeAnalysis;
using Jobs.Core.Pools;
using Jobs.Core.Scheduling;

namespace Jobs.Core;

/// <summary>Why a run was told to stop.</summary>
public enum StopReason
{
    /// <summary>It was not.</summary>
    None,
    /// <summary>A user cancelled the job.</summary>
    Cancelled,
    /// <summary>It ran longer than its time-out.</summary>
    TimedOut,
    /// <summary>The pool is stopping; the job goes back to its queue.</summary>
    PoolStopping,
    /// <summary>The lease could not be renewed, or the job was removed: whatever it does no longer counts.</summary>
    LeaseLost,
}

/// <summary>One claimed job on its way through a pool: what to run, and where to say how it went.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Handlers may keep the token; the source has no timer and holds nothing.")]
public sealed class JobRun
{
    /// <summary>Long enough for other pools to take it, and not to be busy with it.</summary>
    private static readonly TimeSpan DeclinedFor = TimeSpan.FromSeconds(15);

    private readonly PoolContext _pool;
    private readonly IRunKeeper _keeper;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stopping;
    private RunRecords? _records;
    private Alarm? _timeout;
    private Alarm? _grace;
    private int _stopReason;
    private RunState _state;

    internal JobRun(PoolContext pool, IRunKeeper keeper, ScheduledJob job, JobType type, long leaseStart)
    {
        (_pool, _keeper, Job, Type, LeaseStart, Claimed) = (pool, keeper, job, type, leaseStart, leaseStart);
        Began = Ended = leaseStart;
        Arrived = pool.Time.GetTimestamp();
    }

    private enum RunState
    {
        Waiting,
        Running,
        Over,
    }

    /// <summary>The job as claimed.</summary>
    public ScheduledJob Job { get; }

    /// <summary>Its type as registered in this pool.</summary>
    public JobType Type { get; }

    /// <summary>The attempt, counted from 1.</summary>
    public int Attempt => Job.Attempts;

    /// <summary>When its time-out ends, by this machine's clock; null: none. Set once the run has begun.</summary>
    public DateTimeOffset? Deadline { get; private set; }

    /// <summary>The pool that claimed it.</summary>
    public string PoolId => _pool.Id;

    /// <summary>Fires when the run must end.</summary>
    public CancellationToken Stopping
    {
        get
        {
            lock (_gate)
            {
                if (_stopping is null)
                {
                    _stopping = new CancellationTokenSource();
                    if (StopReason != StopReason.None) _stopping.Cancel();
                }
                return _stopping.Token;
            }
        }
    }

    /// <summary>Why <see cref="Stopping"/> fired.</summary>
    public StopReason StopReason => (StopReason)Volatile.Read(ref _stopReason);

    /// <summary>The rhythm of a recurring job; null before <see cref="TryRecur"/>.</summary>
    internal Recurrence? Recurrence { get; private set; }

    /// <summary>What it has said of itself; null as long as it has said nothing.</summary>
    internal RunRecords? Records => Volatile.Read(ref _records);

    /// <summary>Moments of the monotonic clock: when it was claimed, when it came here (a large job takes its time), when a worker took it, when it was over.</summary>
    internal long Claimed { get; }

    internal long Arrived { get; }

    internal long Began { get; private set; }

    internal long Ended { get; private set; }

    /// <summary>When the lease was last known to begin; volatile by the pool's heartbeat.</summary>
    internal long LeaseStart { get; set; }

    internal bool IsWaiting => _state == RunState.Waiting;

    internal bool IsRunning => _state == RunState.Running;

    /// <summary>Reads the jobs that this one waited for, with what they put out.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public Task<IReadOnlyList<JobParent>> GetParentsAsync(CancellationToken cancellationToken = default) =>
        JobClient.ReadParentsAsync(_pool.Store, Job.After, cancellationToken);

    /// <summary>Keeps the latest progress; stored at most four times a second.</summary>
    public void Report(JobProgress progress)
    {
        if (MakeRecords().Set(progress)) _keeper.Recorded(this);
    }

    /// <summary>Adds to the job's log (capped: then one entry says so). Never blocks, never throws.</summary>
    public void Log(JobLogLevel level, string message)
    {
        if (MakeRecords().Add(level, message, Attempt)) _keeper.Recorded(this);
    }

    /// <summary>The handler ended well.</summary>
    public void Succeed(JobOutput? output = null) => End(RunOutcome.Finished(output));

    /// <summary>
    /// The handler failed or was stopped. After a stop the pool decides by <see cref="StopReason"/> what becomes of the job; the error
    /// is kept where the job then counts as failed.
    /// </summary>
    public void Fail(JobError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        End(StopReason switch
        {
            // Of a run that has ended nothing is left to be feared: where its claim still stands, the job can go on elsewhere at once.
            StopReason.PoolStopping or StopReason.LeaseLost => RunOutcome.Released(),
            StopReason.TimedOut => RunOutcome.Failed(TimeoutError(error)),
            _ => RunOutcome.Failed(error),
        });
    }

    /// <summary>Gives it back to its queue without using an attempt: what ended the run was no doing of the job's.</summary>
    public void Release() => End(RunOutcome.Released());

    /// <summary>A worker takes it; false when it was stopped before, or its lease is over: then it goes back.</summary>
    internal bool TryBegin()
    {
        lock (_gate)
        {
            if (_state != RunState.Waiting) return false;
            // The answer to the claim, or this whole process, may have been held up for longer than the lease.
            if (StopReason == StopReason.None && _pool.Holds(this))
            {
                _state = RunState.Running;
                Began = _pool.Time.GetTimestamp();
                if (Job.Timeout is { } timeout)
                {
                    Deadline = _pool.Time.GetLocalNow() + timeout;
                    _timeout = new Alarm(_pool.Time, timeout, () => Stop(StopReason.TimedOut));
                }
            }
        }
        if (_state != RunState.Running)
        {
            End(RunOutcome.Released());
            return false;
        }
        _keeper.Began(this);
        return true;
    }

    /// <summary>Gives it back before a worker took it.</summary>
    internal void Return() => End(RunOutcome.Released(), RunState.Waiting);

    /// <summary>Gives it back until its next regular time.</summary>
    internal void PutOff(DateTimeOffset due) => End(RunOutcome.PutOff(due), RunState.Waiting);

    /// <summary>
    /// Works out a recurring job's rhythm. Where this machine can't (it does not know the time zone) the job would end for good with this run:
    /// it goes back for a while instead, for pools that can, and its error says so.
    /// </summary>
    internal bool TryRecur()
    {
        try
        {
            Recurrence = Recurrence.Of(Job);
            return true;
        }
        catch (JobsException e)
        {
            _pool.Warn($"Recurring job {Job.Id} ({Job.Type}) is left to other pools: {e.Message}", Job.Id);
            var reason = new JobError { Message = $"Pool {PoolId} on {_pool.HostName} can't run it: {e.Message}", Type = "Jobs.Declined", Category = "ObjectNotFound", ErrorId = e.Error.ToString() };
            End(RunOutcome.Declined(_pool.Clock.Now + DeclinedFor, reason), RunState.Waiting);
            return false;
        }
    }

    /// <summary>Fails it without running it, whatever retries are left.</summary>
    internal void Refuse(JobError error) => End(RunOutcome.Failed(error, isFinal: true), RunState.Waiting);

    /// <summary>The job as it stands once the store has its outcome.</summary>
    internal ScheduledJob AsEnded(JobStatus status, JobError? error) => Job with
    {
        Status = status,
        Started = _pool.Clock.At(Began),
        Finished = _pool.Clock.At(Ended),
        Duration = _pool.Time.GetElapsedTime(Began, Ended),
        Error = error,
    };

    /// <summary>Tells the handler to end. The first reason counts: false when there was one. When it does not end in time the pool goes on without it.</summary>
    internal bool Stop(StopReason reason)
    {
        lock (_gate)
        {
            if (_state == RunState.Over || Interlocked.CompareExchange(ref _stopReason, (int)reason, (int)StopReason.None) != (int)StopReason.None) return false;
            if (_state == RunState.Running)
                _grace = new Alarm(_pool.Time, _pool.Options.StopGrace, Abandon);
            // Not inline: what handlers registered may take its time.
            _ = _stopping?.CancelAsync();
            return true;
        }
    }

    private RunRecords MakeRecords() =>
        Records ?? Interlocked.CompareExchange(ref _records, new RunRecords(_pool.Clock), null) ?? _records!;

    private void Abandon()
    {
        var outcome = StopReason switch
        {
            StopReason.TimedOut => RunOutcome.Failed(TimeoutError(null)),
            StopReason.Cancelled => RunOutcome.Failed(new JobError { Message = "Cancelled; the handler did not end in time and was abandoned.", Type = "Jobs.Cancelled" }),
            // The pool ends, and most often its process, with the run in it. A stop is no crash: the job goes back, and nothing the run does counts any more.
            StopReason.PoolStopping => RunOutcome.Released(),
            // It may still be at work: only the end of its lease makes way for another run.
            _ => RunOutcome.Dropped,
        };
        if (End(outcome, RunState.Running)) _keeper.Abandoned(this);
    }

    private JobError TimeoutError(JobError? detail) => new()
    {
        Message = $"The attempt ran longer than its time-out of {Job.Timeout} and was {(detail is null ? "abandoned: the handler did not end when told to" : "stopped")}.",
        Type = "Jobs.TimedOut",
        Category = "OperationTimeout",
        ErrorId = "JobTimedOut",
        StackTrace = detail?.StackTrace,
        Position = detail?.Position,
    };

    private bool End(RunOutcome outcome, RunState? only = null)
    {
        bool began;
        lock (_gate)
        {
            if (_state == RunState.Over || only is { } state && _state != state) return false;
            began = _state == RunState.Running;
            _state = RunState.Over;
            Ended = _pool.Time.GetTimestamp();
            if (!began) Began = Ended;
            _timeout?.Dispose();
            _grace?.Dispose();
        }
        _keeper.Over(this, outcome, began);
        return true;
    }
}
