using Jobs.Core;
using Jobs.Core.Pools;

namespace Jobs.Tests.Core;

/// <summary>Durations of any length, and pools in which something breaks.</summary>
public sealed class PoolFailureTests(RedisFixture redis) : StoreTest(redis)
{
    private static readonly TimeSpan Century = TimeSpan.FromDays(36_525);

    [Fact]
    public async Task Finding_3_time_outs_and_graces_of_a_hundred_years_work()
    {
        Register("a");
        var pool = await StartPoolAsync(new PoolOptions { ShutdownTimeout = Century, RunFor = Century });
        for (var i = 0; i < 3; i++)
        {
            var job = await ScheduleAsync("a", request => request with { Timeout = Century, RetryDelay = Century, MaxRetryDelay = Century });
            job = await WaitForAsync(job.Id, JobStatus.Finished);
            Assert.Equal(Century, job.Timeout);
        }
        await pool.StopAsync(Century, TestContext.Current.CancellationToken);
        Assert.Equal(PoolStatus.Stopped, pool.Info.Status);
    }

    [Fact]
    public async Task Finding_3_a_stop_with_a_long_grace_can_still_be_shortened()
    {
        Register("a", (_, stopping) => Task.Delay(Timeout.Infinite, stopping));
        var pool = await StartPoolAsync();
        var job = await ScheduleAsync("a");
        await WaitForAsync(job.Id, JobStatus.Executing);
        var stop = pool.StopAsync(Century, TestContext.Current.CancellationToken);
        await Client.RequestPoolStopAsync(pool.Id, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await stop;
        Assert.Equal((JobStatus.Queued, 0), (await Client.GetAsync(job.Id)) is var after ? (after.Status, after.Attempts) : default);
    }

    public static TheoryData<string, PoolOptions> Nonsense { get; } = new()
    {
        { "Workers", new PoolOptions { Workers = 0 } },
        { "BatchSize", new PoolOptions { BatchSize = -1 } },
        { "MaxJobs", new PoolOptions { MaxJobs = 0 } },
        { "PollInterval", new PoolOptions { PollInterval = TimeSpan.MaxValue } },
        { "PollInterval", new PoolOptions { PollInterval = TimeSpan.Zero } },
        { "StaleTimeout", new PoolOptions { StaleTimeout = TimeSpan.FromDays(50) } },
        { "StaleTimeout", new PoolOptions { StaleTimeout = TimeSpan.FromMilliseconds(900) } },
        { "StopGrace", new PoolOptions { StopGrace = TimeSpan.FromDays(50) } },
        { "ShutdownTimeout", new PoolOptions { ShutdownTimeout = TimeSpan.FromSeconds(-5) } },
        { "ShutdownTimeout", new PoolOptions { ShutdownTimeout = TimeSpan.MaxValue } },
        { "RunFor", new PoolOptions { RunFor = TimeSpan.MaxValue } },
        { "RunFor", new PoolOptions { RunFor = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Finding_3_what_a_pool_can_not_be_asked_is_an_error_that_names_it(string name, PoolOptions options)
    {
        Register("a");
        var error = Assert.Throws<JobsException>(() => new JobPool(Store, Types, options));
        Assert.Contains(error.Error, (JobsError[])[JobsError.ValueOutOfRange, JobsError.DurationOutOfRange]);
        Assert.StartsWith(name + " ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_3_a_grace_that_is_none_is_an_error_and_the_pool_goes_on()
    {
        Register("a");
        var pool = await StartPoolAsync();
        foreach (var grace in new[] { TimeSpan.MaxValue, TimeSpan.FromSeconds(-5) })
        {
            Assert.Equal(JobsError.DurationOutOfRange, (await Assert.ThrowsAsync<JobsException>(() => pool.StopAsync(grace, TestContext.Current.CancellationToken))).Error);
            Assert.Equal(JobsError.DurationOutOfRange, (await Assert.ThrowsAsync<JobsException>(() => Client.RequestPoolStopAsync(pool.Id, grace, TestContext.Current.CancellationToken))).Error);
        }
        await WaitForAsync((await ScheduleAsync("a")).Id, JobStatus.Finished);
    }

    [Fact]
    public void Finding_3_an_alarm_rings_once_when_its_time_has_come_however_far_away()
    {
        var time = new SteppingTime();
        var rings = 0;
        using var alarm = new Alarm(time, TimeSpan.FromDays(400), () => rings++);
        for (var day = 0; day < 399; day++) time.Pass(TimeSpan.FromDays(1));
        Assert.Equal(0, rings);
        for (var day = 0; day < 30; day++) time.Pass(TimeSpan.FromDays(1));
        Assert.Equal(1, rings);
    }

    [Fact]
    public async Task Finding_3_a_pool_whose_role_breaks_says_so_gives_its_jobs_back_and_ends()
    {
        var time = new BreakingTime();
        var store = Own(await JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace }, time));
        Register("a", (_, stopping) => Task.Delay(Timeout.Infinite, stopping));
        var pool = Own(new JobPool(store, Types, new PoolOptions { Workers = 2 }));
        var said = new List<string>();
        pool.Event += told =>
        {
            lock (said) said.Add(told.Message);
        };
        await pool.StartAsync(TestContext.Current.CancellationToken);
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 2).Select(_ => new JobRequest { Type = "a" })]);
        foreach (var job in jobs) await WaitForAsync(job.Id, JobStatus.Executing);

        time.Break();
        var failure = await Assert.ThrowsAsync<JobsException>(() => pool.Completion);
        Assert.Equal((JobsError.PoolFailed, pool.Id), (failure.Error, failure.Target));
        Assert.Contains("the clock stopped", failure.Message, StringComparison.Ordinal);
        lock (said) Assert.Contains(failure.Message, said);
        foreach (var job in jobs) Assert.Equal((JobStatus.Queued, 0), await Client.GetAsync(job.Id) is var after ? (after.Status, after.Attempts) : default);
        Assert.Empty(await Client.GetPoolsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Finding_3_a_finisher_that_breaks_gives_back_what_it_had_in_hand()
    {
        var broken = 0;
        Register("a");
        var pool = Own(new JobPool(Store, Types, new PoolOptions { Workers = 1, Verbose = true }));
        // The listener is called by whoever speaks: here in the middle of a run's end.
        pool.Event += told =>
        {
            if (told.Message.Contains("finished", StringComparison.Ordinal) && Interlocked.Exchange(ref broken, 1) == 0) throw new InvalidOperationException("no ear");
        };
        await pool.StartAsync(TestContext.Current.CancellationToken);
        var job = await ScheduleAsync("a");
        var failure = await Assert.ThrowsAsync<JobsException>(() => pool.Completion);
        Assert.Contains("no ear", failure.Message, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Finished, (await Client.GetAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Finding_9_a_stop_is_no_crash_however_often_a_job_in_a_blocking_call_is_stopped()
    {
        using var gate = new ManualResetEventSlim();
        Register("a", _ => gate.Wait(TestContext.Current.CancellationToken));
        var job = await ScheduleAsync("a");
        for (var i = 0; i < 5; i++)
        {
            var pool = await StartPoolAsync(new PoolOptions { Workers = 1, StopGrace = TimeSpan.FromMilliseconds(50) });
            await WaitForAsync(job.Id, JobStatus.Executing);
            await pool.StopAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
            job = await Client.GetAsync(job.Id);
            Assert.Equal((JobStatus.Queued, 0, 0), (job.Status, job.Attempts, job.Crashes));
        }
        gate.Set();
        // What the abandoned runs still do counts no more: the job waits for a run of its own.
        await RunUntilEmptyAsync();
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Finished, 1), (job.Status, job.Attempts));
    }

    /// <summary>The machine's time, until it breaks for one who asks.</summary>
    private sealed class BreakingTime : TimeProvider
    {
        private int _broken;

        public void Break() => Volatile.Write(ref _broken, 1);

        public override long GetTimestamp() => Interlocked.Exchange(ref _broken, 0) == 1 ? throw new InvalidOperationException("the clock stopped") : base.GetTimestamp();
    }

    /// <summary>Time that passes when told to, for one timer.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private readonly List<SteppingTimer> _timers = [];
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SteppingTimer(this, () => callback(state));
            timer.Change(dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        public void Pass(TimeSpan time)
        {
            _now += time;
            foreach (var timer in _timers) timer.Look();
        }

        private sealed class SteppingTimer(SteppingTime time, Action ring) : ITimer
        {
            private TimeSpan? _due;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                // As the machine's timers do.
                ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime.TotalMilliseconds, uint.MaxValue - 1.0);
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
                return true;
            }

            public void Look()
            {
                if (_due > time._now || _due is null) return;
                _due = null;
                ring();
            }

            public void Dispose() => _due = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
