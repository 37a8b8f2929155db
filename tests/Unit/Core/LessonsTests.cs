using System.Globalization;
using System.Collections.Concurrent;
using Jobs.Core;
using StackExchange.Redis;

namespace Jobs.Tests.Core;

/// <summary>The defects of the system that this one descends from, one test each, numbered as in docs/internals.md.</summary>
public sealed class LessonsTests(RedisFixture redis) : StoreTest(redis)
{
    private static readonly PoolOptions ShortLease = new() { Workers = 2, StaleTimeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Lesson_1_a_second_pool_on_a_host_leaves_the_first_pools_jobs_alone()
    {
        var gate = new TaskCompletionSource();
        var runs = 0;
        Register("a", (_, _) =>
        {
            Interlocked.Increment(ref runs);
            return gate.Task;
        });
        await Client.ScheduleAsync([.. Enumerable.Range(0, 4).Select(_ => new JobRequest { Type = "a" })]);
        var first = await StartPoolAsync(new PoolOptions { Workers = 4 });
        await Wait.UntilAsync(() => runs == 4);
        var second = await StartPoolAsync(new PoolOptions { Workers = 4 });
        Assert.NotEqual(first.Id, second.Id);
        await second.StopAsync();
        gate.SetResult();
        await Wait.UntilAsync(async () => await Redis.SortedSetLengthAsync(Key("finished")) == 4, "all finished");
        Assert.Equal(4, runs);
    }

    [Fact]
    public async Task Lesson_3_a_free_worker_does_not_wait_for_a_timer()
    {
        var ran = new TaskCompletionSource();
        Register("a", _ => ran.TrySetResult());
        await StartPoolAsync(new PoolOptions { PollInterval = TimeSpan.FromHours(1) });
        await ScheduleAsync("a");
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Lesson_3_a_job_due_later_does_not_wait_for_a_timer_either()
    {
        var ran = new TaskCompletionSource();
        Register("a", _ => ran.TrySetResult());
        await StartPoolAsync(new PoolOptions { PollInterval = TimeSpan.FromHours(1) });
        await ScheduleAsync("a", request => request with { In = TimeSpan.FromMilliseconds(200) });
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Lesson_4_an_old_claim_can_not_end_a_newer_run()
    {
        var gate = new TaskCompletionSource();
        Register("a", (_, _) => gate.Task);
        var job = await ScheduleAsync("a");
        await StartPoolAsync();
        await WaitForAsync(job.Id, JobStatus.Executing);
        var fence = long.Parse(Packed.Get(Redis, Key("job:" + job.Id), "fence")!, CultureInfo.InvariantCulture);
        // What a pool that lost its lease would send: the token of an earlier claim.
        var reply = (string[])(await Store.Connection.SendAsync(Jobs.Core.Redis.Scripts.FinishJobs, job.Id, fence - 1, job.Type, 1, 2, "", "", "", "", 0))!;
        Assert.Equal(["stale"], reply);
        Assert.Equal(JobStatus.Executing, (await Client.GetAsync(job.Id)).Status);
        gate.SetResult();
        await WaitForAsync(job.Id, JobStatus.Finished);
    }

    [Fact]
    public async Task Lesson_5_a_dead_pools_jobs_are_taken_back_by_pools_that_run_already()
    {
        Register("a");
        var job = await ScheduleAsync("a");
        var alive = await StartPoolAsync(ShortLease with { Queues = ["other"] });
        await Wait.UntilAsync(async () => (await Client.GetPoolsAsync()).Any(pool => pool.Id == alive.Id), "the pool runs");
        await ClaimAsDeadPoolAsync();
        Assert.Equal(JobStatus.Executing, (await Client.GetAsync(job.Id)).Status);
        job = await WaitForAsync(job.Id, JobStatus.Queued);
        Assert.Equal((1, 1), (job.Crashes, job.Attempts));
        await RunUntilEmptyAsync();
        Assert.Equal(JobStatus.Finished, (await Client.GetAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Lesson_6_jobs_are_not_taken_back_from_a_pool_whose_leases_hold()
    {
        var job = await ScheduleAsync("a");
        await ClaimAsDeadPoolAsync(leaseMs: 600_000);
        var reply = (RedisResult[])(await Store.Connection.SendAsync(Jobs.Core.Redis.Scripts.PurgeStalePool, "me", "here", 1000, 100, 3, 1 << 20))!;
        Assert.Equal(0, (long)reply[1]);
        Assert.Equal(JobStatus.Executing, (await Client.GetAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Lesson_7_a_cancel_during_the_run_wins()
    {
        var gate = new TaskCompletionSource();
        Register("a", (_, _) => gate.Task); // does not heed its token and ends well
        var job = await ScheduleAsync("a");
        await StartPoolAsync();
        await WaitForAsync(job.Id, JobStatus.Executing);
        Assert.True((await Client.CancelAsync(job.Id)).CancelRequested);
        gate.SetResult();
        await WaitForAsync(job.Id, JobStatus.Cancelled);
    }

    [Fact]
    public async Task Lesson_7_a_cancel_stops_the_handler()
    {
        Register("a", (_, stopping) => Task.Delay(Timeout.Infinite, stopping));
        var job = await ScheduleAsync("a", request => request with { Retries = 5 });
        await StartPoolAsync();
        await WaitForAsync(job.Id, JobStatus.Executing);
        await Client.CancelAsync(job.Id);
        await WaitForAsync(job.Id, JobStatus.Cancelled);
    }

    [Fact]
    public async Task Lesson_8_a_retry_waits_for_its_delay()
    {
        Register("bad", _ => throw new InvalidOperationException(), new JobDefaults { Retries = 1, RetryDelay = TimeSpan.FromMinutes(10) });
        var job = await ScheduleAsync("bad");
        await RunUntilEmptyAsync();
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Scheduled, 1, 0), (job.Status, job.Attempts, job.RetriesLeft));
        Assert.InRange(job.Due!.Value - job.Finished!.Value, TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(12.1));
        Assert.NotNull(job.Error);
    }

    [Fact]
    public async Task Lesson_9_a_recurring_job_that_fails_goes_on_with_all_its_retries()
    {
        var attempts = new ConcurrentQueue<int>();
        Register("bad", run =>
        {
            attempts.Enqueue(run.Attempt);
            throw new InvalidOperationException("no");
        }, new JobDefaults { Retries = 1, RetryDelay = TimeSpan.Zero });
        var job = await ScheduleAsync("bad", request => request with { Every = TimeSpan.FromHours(1) });
        Assert.Equal(JobStatus.Failed, Assert.Single(await RunUntilEmptyAsync()).Status);
        var next = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Scheduled, 1, 0), (next.Status, next.RetriesLeft, next.Attempts));
        Assert.Equal(TimeSpan.FromHours(1), next.Due - job.Due);
        Assert.Equal("no", next.Error!.Message);
        await Client.UpdateAsync(job.Id, new JobChange { In = TimeSpan.Zero });
        await RunUntilEmptyAsync();
        Assert.Equal([1, 2, 1, 2], attempts);
        Assert.Equal([JobStatus.Failed, JobStatus.Failed], (await Client.GetRunsAsync(job.Id)).Select(run => run.Status));
    }

    [Theory]
    [InlineData(MissedPolicy.Skip, 0)]
    [InlineData(MissedPolicy.RunOnce, 1)]
    [InlineData(MissedPolicy.RunAll, 60)]
    public async Task Lesson_9_after_an_hour_down_missed_times_are_treated_as_asked(MissedPolicy missed, int runs)
    {
        var ran = 0;
        Register("a", _ => ran++);
        var job = await ScheduleAsync("a", request => request with { Every = TimeSpan.FromMinutes(1), In = TimeSpan.FromMinutes(30), Missed = missed });
        // The hour passes: its due time is moved back instead.
        var due = DateTimeOffset.UtcNow.AddMinutes(-59.5).ToUnixTimeMilliseconds();
        await Redis.HashSetAsync(Key("job:" + job.Id), [new("time", due), new("slot", due)]);
        await Redis.SortedSetAddAsync(Key("scheduled"), job.Id, due);
        await RunUntilEmptyAsync(new PoolOptions { Workers = 4 });
        Assert.Equal(runs, ran);
        job = await Client.GetAsync(job.Id);
        Assert.Equal(JobStatus.Scheduled, job.Status);
        Assert.InRange(job.Due!.Value, DateTimeOffset.UtcNow.AddSeconds(-5), DateTimeOffset.UtcNow.AddSeconds(60));
        Assert.Equal(0, (job.Due.Value.ToUnixTimeMilliseconds() - due) % 60_000);
    }

    [Fact]
    public async Task Lesson_10_a_job_of_an_unknown_type_stays_for_a_pool_that_knows_it()
    {
        Register("known");
        var unknown = await ScheduleAsync("unknown", request => request with { Priority = 9 });
        var known = await ScheduleAsync("known");
        Assert.Equal(known.Id, Assert.Single(await RunUntilEmptyAsync()).Id);
        Assert.Equal(JobStatus.Queued, (await Client.GetAsync(unknown.Id)).Status);
    }

    [Fact]
    public async Task Lesson_11_a_dropped_connection_ends_nothing()
    {
        var gate = new TaskCompletionSource();
        Register("a", (_, _) => gate.Task);
        Register("b");
        var job = await ScheduleAsync("a");
        var pool = await StartPoolAsync();
        await WaitForAsync(job.Id, JobStatus.Executing);
        foreach (var client in (await Redis.ExecuteAsync("CLIENT", "LIST")).ToString().Split('\n').Where(line => line.Contains("name=Jobs", StringComparison.Ordinal)))
        {
            try
            {
                await Redis.ExecuteAsync("CLIENT", "KILL", "ID", client.Split(' ')[0]["id=".Length..]);
            }
            catch (Exception e) when (e is RedisException)
            {
                // our own connection went too
            }
        }
        gate.SetResult();
        await WaitForAsync(job.Id, JobStatus.Finished);
        await WaitForAsync((await ScheduleAsync("b")).Id, JobStatus.Finished);
        Assert.Equal(PoolStatus.Running, pool.Info.Status);
    }

    [Fact]
    public async Task Lesson_12_an_error_inside_a_script_reaches_the_caller()
    {
        await Redis.StringSetAsync(Key("jobs"), "not a sorted set");
        var error = await Assert.ThrowsAsync<JobsException>(() => ScheduleAsync("a"));
        Assert.Equal(JobsError.StoreFailed, error.Error);
        Assert.Contains("WRONGTYPE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lesson_13_and_14_a_failed_job_has_its_error_and_its_times()
    {
        Register("bad", _ => throw new InvalidOperationException("the disk is full"));
        var job = await ScheduleAsync("bad");
        await RunUntilEmptyAsync();
        job = await Client.GetAsync(job.Id);
        Assert.Equal("the disk is full", job.Error!.Message);
        Assert.NotNull(job.Error.StackTrace);
        Assert.NotNull(job.Finished);
        Assert.InRange(job.Duration!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Lesson_15_destroying_twice_is_no_error()
    {
        var job = await ScheduleAsync("a");
        Assert.True(await Client.DestroyAsync(job.Id));
        Assert.False(await Client.DestroyAsync(job.Id));
        Assert.False(await Client.DestroyAsync("never there"));
    }

    [Fact]
    public async Task Lesson_16_first_in_first_out_within_a_priority()
    {
        var order = new ConcurrentQueue<int>();
        Register("a", run => order.Enqueue(int.Parse(run.Job.Data!, System.Globalization.CultureInfo.InvariantCulture)));
        for (var i = 0; i < 300; i++) await ScheduleAsync("a", request => request with { Data = $"{i}", Priority = 5 });
        await RunUntilEmptyAsync(new PoolOptions { Workers = 1 });
        Assert.Equal(Enumerable.Range(0, 300), order);
    }

    [Fact]
    public async Task Lesson_17_a_running_job_that_is_rescheduled_does_not_run_twice_at_once()
    {
        var gate = new TaskCompletionSource();
        int running = 0, most = 0, runs = 0;
        Register("a", async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Interlocked.Increment(ref runs);
            await gate.Task;
            Interlocked.Decrement(ref running);
        });
        var job = await ScheduleAsync("a");
        await StartPoolAsync(new PoolOptions { Workers = 4, PollInterval = TimeSpan.FromMilliseconds(20) });
        await WaitForAsync(job.Id, JobStatus.Executing);
        Assert.Equal(JobStatus.Executing, (await Client.UpdateAsync(job.Id, new JobChange { In = TimeSpan.Zero })).Status);
        gate.SetResult();
        await Wait.UntilAsync(() => runs == 2);
        await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Lesson_18_times_are_the_stores_in_milliseconds_not_the_clients()
    {
        var wrong = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(9));
        var store = Own(await JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace }, wrong));
        var client = new JobClient(store, Types);
        var job = await client.ScheduleAsync(new JobRequest { Type = "a", In = TimeSpan.FromMinutes(1) });
        Assert.InRange(job.Created, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(1), job.Due - job.Created);
        var score = (await Redis.SortedSetScoreAsync(Key("scheduled"), job.Id))!.Value;
        Assert.Equal(job.Due!.Value.ToUnixTimeMilliseconds(), (long)score);
        Assert.True(score < 1L << 53);
    }

    [Fact]
    public async Task Lesson_19_long_jobs_are_claimed_for_free_workers_only_and_the_rest_goes_back()
    {
        var gate = new TaskCompletionSource();
        Register("long", (_, stopping) => gate.Task.WaitAsync(stopping));
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 30).Select(_ => new JobRequest { Type = "long" })]);
        var pool = await StartPoolAsync(new PoolOptions { Workers = 2, BatchSize = 20 });
        await Wait.UntilAsync(() => pool.Info.Busy == 2);
        Assert.Equal(28, await Client.CountAsync(new JobQuery { Statuses = [JobStatus.Queued] }));
        await pool.StopAsync(TimeSpan.Zero);
        Assert.All(await Client.FindAsync([.. jobs.Select(job => job.Id)]), job => Assert.Equal((JobStatus.Queued, 0), (job!.Status, job.Attempts)));
    }

    [Fact]
    public async Task Lesson_20_history_is_bounded()
    {
        var store = Own(await JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace, Retention = new RetentionOptions { MaxCount = 100 } }));
        Assert.Equal(Namespace, store.Namespace);
        Register("a");
        await Client.ScheduleAsync([.. Enumerable.Range(0, 1500).Select(_ => new JobRequest { Type = "a" })]);
        await RunUntilEmptyAsync();
        Assert.Equal(100, await Redis.SortedSetLengthAsync(Key("finished")));
        Assert.Equal(100, await Client.CountAsync(new JobQuery()));
        Assert.Equal(100, (await Client.SummarizeAsync())[0].Counts[JobStatus.Finished]);
    }

    [Fact]
    public void Lesson_21_a_pools_id_owes_nothing_to_hardware()
    {
        Register("a");
        var ids = Enumerable.Range(0, 100).Select(_ => new JobPool(Store, Types).Id).ToList();
        Assert.Equal(100, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_job_that_brings_down_three_pools_is_failed_and_says_so()
    {
        Register("poison");
        var job = await ScheduleAsync("poison", request => request with { Retries = 10 });
        await StartPoolAsync(ShortLease with { Queues = ["other"] });
        for (var crash = 1; crash <= 3; crash++)
        {
            await ClaimAsDeadPoolAsync("poison");
            await Wait.UntilAsync(async () => (await Client.GetAsync(job.Id)).Crashes == crash, "the crash is counted");
        }
        job = await WaitForAsync(job.Id, JobStatus.Failed);
        Assert.Equal("Jobs.Crashed", job.Error!.Type);
        Assert.Contains(job.Id, job.Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await Client.SummarizeAsync())[0].Counts[JobStatus.Executing]);
    }

    private static long _claims;

    /// <summary>Claims as a pool that then dies: nobody renews the lease.</summary>
    private async Task ClaimAsDeadPoolAsync(string type = "a", int leaseMs = 300)
    {
        var keys = Store.Connection.Keys.WithLanes(["default"], [type]);
        await Wait.UntilAsync(async () =>
        {
            var reply = await Store.Connection.SendAsync(Jobs.Core.Redis.Scripts.PopNextJobs, keys, [Interlocked.Increment(ref _claims), "dead", "elsewhere", leaseMs, 1, 1 << 20, "", type]);
            return Packed.Claims(reply).Count == 1;
        }, "a job is claimed");
    }
}
