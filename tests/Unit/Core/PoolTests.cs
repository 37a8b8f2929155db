using System.Collections.Concurrent;
using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class PoolTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task Finding_34_A_pool_that_runs_until_empty_tells_of_attempts_to_be_retried_when_it_has_gone()
    {
        var failing = true;
        Register("a", _ => { if (failing) throw new InvalidOperationException("no"); }, new JobDefaults { Retries = 3, RetryDelay = TimeSpan.FromMinutes(1) });
        Register("quick", run => throw new InvalidOperationException("no"), new JobDefaults { Retries = 2, RetryDelay = TimeSpan.Zero });
        Register("recurs", _ => throw new InvalidOperationException("no"), new JobDefaults { Retries = 3, RetryDelay = TimeSpan.FromMinutes(1) });
        var (later, quick, recurring) = (await ScheduleAsync("a"), await ScheduleAsync("quick"), await ScheduleAsync("recurs", request => request with { Every = TimeSpan.FromHours(1) }));
        var ended = await RunUntilEmptyAsync();
        Assert.Equal(3, ended.Count);
        Assert.Equal(JobStatus.Failed, ended.Single(job => job.Id == quick.Id).Status);
        foreach (var id in (string[])[later.Id, recurring.Id])
        {
            var job = ended.Single(job => job.Id == id);
            Assert.Equal((JobStatus.Scheduled, "no", 2, 1), (job.Status, job.Error!.Message, job.RetriesLeft, job.Attempts));
            Assert.True(job.Due > DateTimeOffset.UtcNow.AddSeconds(50));
        }
        failing = false;
        await Redis.SortedSetAddAsync(Key("scheduled"), later.Id, 1);
        Assert.Equal((later.Id, JobStatus.Finished), (await RunUntilEmptyAsync()).Select(job => (job.Id, job.Status)).Single());
    }

    [Fact]
    public async Task A_job_runs_with_its_data_and_its_outcome_is_kept()
    {
        var seen = "";
        Register("greet", run => seen = run.Job.Data!);
        var job = await ScheduleAsync("greet", request => request with { Data = "\"you\"" });
        Assert.Equal(JobStatus.Finished, Assert.Single(await RunUntilEmptyAsync()).Status);
        Assert.Equal("\"you\"", seen);
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Finished, 1), (job.Status, job.Attempts));
    }

    [Fact]
    public async Task A_handler_without_data_gets_none()
    {
        var seen = "something";
        Register("a", run => seen = run.Job.Data);
        await ScheduleAsync("a");
        await RunUntilEmptyAsync();
        Assert.Null(seen);
    }

    [Fact]
    public async Task A_job_is_executing_while_its_handler_runs()
    {
        var gate = new TaskCompletionSource();
        Register("a", (_, _) => gate.Task);
        var job = await ScheduleAsync("a");
        var pool = await StartPoolAsync(new PoolOptions { Workers = 3, Name = "mine" });
        job = await WaitForAsync(job.Id, JobStatus.Executing);
        Assert.Equal((pool.Id, Environment.MachineName), (job.PoolId, job.HostName));
        Assert.NotNull(job.Started);
        Assert.Null(job.Finished);
        Assert.True(job.Duration >= TimeSpan.Zero);
        await Wait.UntilAsync(() => pool.Info.Busy == 1);
        gate.SetResult();
        await WaitForAsync(job.Id, JobStatus.Finished);
    }

    [Fact]
    public async Task Times_are_in_order()
    {
        Register("a", (_, _) => Task.Delay(30));
        var job = await ScheduleAsync("a");
        await RunUntilEmptyAsync();
        job = await Client.GetAsync(job.Id);
        Assert.True(job.Created <= job.Started && job.Started < job.Finished);
        Assert.True(job.Duration >= TimeSpan.FromMilliseconds(25));
        Assert.True(job.Due <= job.Started);
    }

    [Fact]
    public async Task Higher_priorities_run_first()
    {
        var order = new ConcurrentQueue<int>();
        Register("a", run => order.Enqueue(run.Job.Priority));
        Register("b", run => order.Enqueue(run.Job.Priority));
        int[] priorities = [3, -500_000, 500_000, 0, 7, -2];
        await Client.ScheduleAsync([.. priorities.Select((priority, i) => new JobRequest { Type = i % 2 == 0 ? "a" : "b", Priority = priority })]);
        await RunUntilEmptyAsync(new PoolOptions { Workers = 1 });
        Assert.Equal(priorities.OrderDescending(), order);
    }

    [Fact]
    public async Task Queues_are_served_in_the_order_given()
    {
        var order = new ConcurrentQueue<string>();
        Register("a", run => order.Enqueue(run.Job.Queue));
        foreach (var queue in new[] { "low", "high", "low", "high", "other" }) await ScheduleAsync("a", request => request with { Queue = queue, Priority = queue == "low" ? 9 : 0 });
        await RunUntilEmptyAsync(new PoolOptions { Workers = 1, Queues = ["high", "low"] });
        Assert.Equal(["high", "high", "low", "low"], order);
    }

    [Fact]
    public async Task Each_job_runs_once_across_many_pools()
    {
        var runs = new ConcurrentDictionary<string, int>();
        Register("a", run => runs.AddOrUpdate(run.Job.Id, 1, (_, n) => n + 1));
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 2000).Select(_ => new JobRequest { Type = "a" })]);
        for (var i = 0; i < 5; i++) await StartPoolAsync(new PoolOptions { Workers = 4, BatchSize = 20 });
        await Wait.UntilAsync(async () => await Redis.SortedSetLengthAsync(Key("finished")) == 2000, "all finished");
        Assert.Equal(jobs.Select(job => job.Id).Order(), runs.Keys.Order());
        Assert.All(runs.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task A_job_does_not_run_before_its_time_and_soon_after_it()
    {
        DateTimeOffset? ran = null;
        Register("a", _ => ran = DateTimeOffset.UtcNow);
        await StartPoolAsync();
        var job = await ScheduleAsync("a", request => request with { In = TimeSpan.FromMilliseconds(400) });
        job = await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.True(ran >= job.Due!.Value.AddMilliseconds(-1), $"ran {ran:O}, due {job.Due:O}");
    }

    [Fact]
    public async Task A_failing_handler_leaves_its_error()
    {
        Register("bad", _ => throw new InvalidOperationException("the disk is full"));
        var job = await ScheduleAsync("bad");
        Assert.Equal(JobStatus.Failed, Assert.Single(await RunUntilEmptyAsync()).Status);
        job = await Client.GetAsync(job.Id);
        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Equal(("the disk is full", "System.InvalidOperationException"), (job.Error!.Message, job.Error.Type));
        Assert.Contains(nameof(A_failing_handler_leaves_its_error), job.Error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_attempt_is_repeated_as_often_as_it_has_retries()
    {
        var attempts = new ConcurrentQueue<int>();
        Register("bad", run =>
        {
            attempts.Enqueue(run.Attempt);
            throw new InvalidOperationException();
        }, new JobDefaults { Retries = 3, RetryDelay = TimeSpan.Zero });
        var job = await ScheduleAsync("bad");
        await RunUntilEmptyAsync();
        Assert.Equal([1, 2, 3, 4], attempts);
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Failed, 4, 0), (job.Status, job.Attempts, job.RetriesLeft));
    }

    [Fact]
    public async Task A_retry_that_works_finishes_the_job()
    {
        Register("flaky", run =>
        {
            if (run.Attempt < 3) throw new InvalidOperationException();
        }, new JobDefaults { Retries = 5, RetryDelay = TimeSpan.Zero });
        var job = await ScheduleAsync("flaky");
        await RunUntilEmptyAsync();
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Finished, 3, 3), (job.Status, job.Attempts, job.RetriesLeft));
    }

    [Fact]
    public async Task A_handler_over_its_time_is_stopped_and_fails()
    {
        Register("slow", (_, stopping) => Task.Delay(Timeout.Infinite, stopping), new JobDefaults { Timeout = TimeSpan.FromMilliseconds(50) });
        var job = await ScheduleAsync("slow");
        await RunUntilEmptyAsync();
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Failed, "Jobs.TimedOut"), (job.Status, job.Error!.Type));
    }

    [Fact]
    public async Task A_handler_that_ignores_its_time_out_is_abandoned_and_its_worker_replaced()
    {
        using var release = new ManualResetEventSlim();
        var warnings = new ConcurrentQueue<string>();
        Register("stuck", (_, _) => Task.Run(release.Wait), new JobDefaults { Timeout = TimeSpan.FromMilliseconds(50) });
        Register("next");
        var pool = Own(new JobPool(Store, Types, new PoolOptions { Workers = 1, StopGrace = TimeSpan.FromMilliseconds(50) }));
        pool.Event += e => warnings.Enqueue(e.Message);
        await pool.StartAsync();
        var stuck = await ScheduleAsync("stuck");
        var next = await ScheduleAsync("next");
        await WaitForAsync(next.Id, JobStatus.Finished);
        Assert.Equal("Jobs.TimedOut", (await WaitForAsync(stuck.Id, JobStatus.Failed)).Error!.Type);
        Assert.Contains(warnings, warning => warning.Contains(stuck.Id, StringComparison.Ordinal));
        release.Set();
    }

    [Fact]
    public async Task Output_log_and_progress_are_kept()
    {
        Types.Register(new JobType
        {
            Name = "a",
            Handler = (run, _) =>
            {
                run.Report(new JobProgress("copying", "half", 50));
                run.Log(JobLogLevel.Warning, "careful");
                run.Log(JobLogLevel.Information, "done");
                return Task.FromResult<JobOutput?>(new JobOutput(["1", "\"two\""]));
            },
        });
        var job = await ScheduleAsync("a");
        await RunUntilEmptyAsync();
        Assert.Equal(["1", "\"two\""], (await Client.GetOutputAsync(job.Id))!.Items);
        var log = await Client.GetLogAsync(job.Id);
        Assert.Equal([(JobLogLevel.Warning, "careful"), (JobLogLevel.Information, "done")], log.Select(entry => (entry.Level, entry.Message)));
        Assert.Equal("done", Assert.Single(await Client.GetLogAsync(job.Id, from: 1)).Message);
    }

    [Fact]
    public async Task Progress_is_seen_while_the_handler_runs()
    {
        var gate = new TaskCompletionSource();
        Register("a", (run, _) =>
        {
            run.Report(new JobProgress("copying", "half", 50));
            run.Log(JobLogLevel.Verbose, "now");
            return gate.Task;
        });
        var job = await ScheduleAsync("a");
        await StartPoolAsync();
        await Wait.UntilAsync(async () => (await Client.GetAsync(job.Id)).Progress is not null, "progress is stored");
        Assert.Equal(new JobProgress("copying", "half", 50), (await Client.GetAsync(job.Id)).Progress);
        Assert.Single(await Client.GetLogAsync(job.Id));
        gate.SetResult();
    }

    [Fact]
    public async Task A_pool_is_listed_while_it_runs()
    {
        Register("a");
        var pool = await StartPoolAsync(new PoolOptions { Workers = 3, Name = "mine", Queues = ["x", "y"] });
        var listed = Assert.Single(await Client.GetPoolsAsync());
        Assert.Equal((pool.Id, "mine", 3, Environment.ProcessId, PoolStatus.Running), (listed.Id, listed.Name, listed.Workers, listed.ProcessId, listed.Status));
        Assert.Equal(["x", "y"], listed.Queues);
        Assert.Equal(["a"], listed.Types);
        await pool.StopAsync();
        Assert.Empty(await Client.GetPoolsAsync());
        Assert.Equal(PoolStatus.Stopped, pool.Info.Status);
    }

    [Fact]
    public async Task A_pool_is_stopped_through_the_store()
    {
        Register("a", (_, stopping) => Task.Delay(Timeout.Infinite, stopping));
        var pool = await StartPoolAsync();
        var job = await ScheduleAsync("a");
        await WaitForAsync(job.Id, JobStatus.Executing);
        await Client.RequestPoolStopAsync(pool.Id, TimeSpan.Zero);
        await pool.Completion;
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Queued, 0), (job.Status, job.Attempts));
        Assert.Equal(JobsError.PoolNotFound, (await Assert.ThrowsAsync<JobsException>(() => Client.RequestPoolStopAsync("nobody"))).Error);
    }

    [Fact]
    public async Task A_stop_lets_running_jobs_end()
    {
        var gate = new TaskCompletionSource();
        Register("a", (_, _) => gate.Task);
        var pool = await StartPoolAsync();
        var job = await ScheduleAsync("a");
        await WaitForAsync(job.Id, JobStatus.Executing);
        var stop = pool.StopAsync();
        Assert.Equal(PoolStatus.Stopping, pool.Info.Status);
        gate.SetResult();
        await stop;
        Assert.Equal(JobStatus.Finished, (await Client.GetAsync(job.Id)).Status);
    }

    [Fact]
    public async Task MaxJobs_ends_a_pool()
    {
        var runs = 0;
        Register("a", _ => Interlocked.Increment(ref runs));
        await Client.ScheduleAsync([.. Enumerable.Range(0, 50).Select(_ => new JobRequest { Type = "a" })]);
        var pool = await StartPoolAsync(new PoolOptions { MaxJobs = 7, Workers = 4 });
        await pool.Completion;
        Assert.Equal(7, runs);
        Assert.Equal(43, await Client.CountAsync(new JobQuery { Statuses = [JobStatus.Queued] }));
    }

    [Fact]
    public async Task RunFor_ends_a_pool()
    {
        Register("a");
        var pool = await StartPoolAsync(new PoolOptions { RunFor = TimeSpan.FromMilliseconds(50) });
        await pool.Completion;
    }

    [Fact]
    public async Task No_more_of_a_type_run_at_once_than_its_limit()
    {
        int running = 0, most = 0, done = 0;
        Register("few", async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Delay(5);
            Interlocked.Decrement(ref running);
            Interlocked.Increment(ref done);
        }, maxConcurrency: 3);
        await Client.ScheduleAsync([.. Enumerable.Range(0, 120).Select(_ => new JobRequest { Type = "few" })]);
        for (var i = 0; i < 4; i++) await StartPoolAsync(new PoolOptions { Workers = 4 });
        await Wait.UntilAsync(() => done == 120);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_paused_type_starts_nothing_until_it_is_resumed()
    {
        Register("a");
        await Client.SetTypePausedAsync("a", paused: true);
        var job = await ScheduleAsync("a");
        Assert.Empty(await RunUntilEmptyAsync());
        await StartPoolAsync(new PoolOptions { PollInterval = TimeSpan.FromMinutes(1) });
        await Client.SetTypePausedAsync("a", paused: false);
        await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal(JobsError.JobTypeNotFound, (await Assert.ThrowsAsync<JobsException>(() => Client.SetTypePausedAsync("nobody", true))).Error);
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        Register("a");
        void Refuses(JobsError error, PoolOptions options) => Assert.Equal(error, Assert.Throws<JobsException>(() => new JobPool(Store, Types, options)).Error);
        Refuses(JobsError.JobTypeNotFound, new PoolOptions { Types = ["b"] });
        Refuses(JobsError.ValueOutOfRange, new PoolOptions { Workers = 0 });
        Refuses(JobsError.ValueOutOfRange, new PoolOptions { BatchSize = -1 });
        Refuses(JobsError.ValueOutOfRange, new PoolOptions { MaxJobs = 0 });
        Refuses(JobsError.DurationOutOfRange, new PoolOptions { StaleTimeout = TimeSpan.FromMilliseconds(10) });
        Refuses(JobsError.InvalidName, new PoolOptions { Queues = ["a b"] });
        Assert.Equal(JobsError.JobTypeNotFound, Assert.Throws<JobsException>(() => new JobPool(Store, new JobTypeRegistry())).Error);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target)) Interlocked.CompareExchange(ref target, value, seen);
    }
}
