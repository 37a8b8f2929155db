using Jobs.Core;
using Jobs.FaultWorker;

namespace Jobs.Tests.Faults;

/// <summary>Redis killed, paused, full, read-only, without its scripts.</summary>
public sealed class OutageTests(ITestOutputHelper output) : FaultTest
{
    [Fact]
    public async Task What_was_acknowledged_is_run_once_Redis_is_back_from_SIGKILL()
    {
        await StartPoolAsync(ShortLease);
        var ids = await ScheduleAsync(200, ms: 5);
        var start = RunLog.Now;
        Server.Kill();
        await Server.StartAsync();
        History.Fault(start);
        await WaitForFinishedAsync(200);
        await CheckAsync(ids);
    }

    [Fact]
    public async Task Outcomes_of_runs_that_end_while_Redis_is_down_arrive_when_it_is_back()
    {
        var ids = await ScheduleAsync(8, ms: 600);
        await StartPoolAsync(new PoolOptions { Workers = 8 });
        await Wait.UntilAsync(() => Running() == 8, "all run");
        Server.Kill();
        await Wait.UntilAsync(() => Running() == 0, "all have ended");
        await Server.StartAsync();
        await WaitForFinishedAsync(8);
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }

    [Fact]
    public async Task What_a_handler_logs_while_Redis_is_down_is_kept()
    {
        using var warned = new ManualResetEventSlim();
        var end = new TaskCompletionSource();
        Register("talker", async (run, _) =>
        {
            run.Log(JobLogLevel.Information, "before");
            await Wait.UntilAsync(async () => (await Client.GetLogAsync(run.Job.Id)).Count == 1, "the first entry is stored");
            Server.Kill();
            run.Log(JobLogLevel.Information, "meanwhile");
            await end.Task;
        });
        var job = await Client.ScheduleAsync(new JobRequest { Type = "talker" });
        var pool = Own(new JobPool(Store, Types, new PoolOptions { Workers = 1 }));
        pool.Event += said =>
        {
            if (said.Message.Contains("they are kept", StringComparison.Ordinal)) warned.Set();
        };
        await pool.StartAsync();
        await Wait.UntilAsync(() => warned.IsSet, "a report has failed");
        await Server.StartAsync();
        await Wait.UntilAsync(async () => (await Client.GetLogAsync(job.Id)).Count == 2, "the second entry is stored");
        end.SetResult();
        await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal(["before", "meanwhile"], (await Client.GetLogAsync(job.Id)).Select(entry => entry.Message));
    }

    [Fact]
    public async Task An_outcome_counts_though_the_outage_outlasted_the_lease()
    {
        var ids = await ScheduleAsync(4, ms: 300);
        await StartPoolAsync(ShortLease);
        await StartPoolAsync(ShortLease);
        await Wait.UntilAsync(() => Running() == 4, "all run");
        var start = RunLog.Now;
        Server.Pause();
        await Wait.UntilAsync(() => Running() == 0 && RunLog.Now - start > 2 * Lease.TotalMilliseconds, "all have ended, and so have their leases");
        Server.Continue();
        History.Fault(start);
        await WaitForFinishedAsync(4);
        await CheckAsync(ids);
    }

    [Fact]
    public async Task Handlers_are_stopped_before_leases_end_that_can_not_be_renewed_and_run_again_after()
    {
        var ids = await ScheduleAsync(4, ms: 3000);
        await StartPoolAsync(ShortLease);
        await Wait.UntilAsync(() => Running() == 4, "all run");
        var start = RunLog.Now;
        Server.Pause();
        await Wait.UntilAsync(() => Running() == 0, "all are stopped");
        Assert.True(RunLog.Now - start < Lease.TotalMilliseconds, "They were stopped too late.");
        Assert.All(History.Read(), job => Assert.Equal("stopped", Assert.Single(job).How));
        Server.Continue();
        History.Fault(start);
        await WaitForFinishedAsync(4);
        await CheckAsync(ids);
    }

    [Fact]
    public async Task A_full_Redis_takes_no_jobs_but_lets_running_ones_go_on_and_end()
    {
        var running = await ScheduleAsync(4, ms: 2500);
        await StartPoolAsync(ShortLease);
        await Wait.UntilAsync(() => Running() == 4, "all run");
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");
        Assert.Equal(JobsError.StoreNotWritable, (await Assert.ThrowsAsync<JobsException>(() => ScheduleAsync(1, ms: 0))).Error);
        await WaitForFinishedAsync(4); // longer than a lease: it was renewed
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        var after = await ScheduleAsync(10, ms: 1);
        await WaitForFinishedAsync(14);
        Assert.Equal(0, (await CheckAsync([.. running, .. after])).Repeated);
    }

    [Fact]
    public async Task A_Redis_that_takes_no_writes_loses_nothing()
    {
        var ids = await ScheduleAsync(4, ms: 300);
        await StartPoolAsync(ShortLease with { StaleTimeout = TimeSpan.FromSeconds(10) });
        await Wait.UntilAsync(() => Running() == 4, "all run");
        var start = RunLog.Now;
        await Redis.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "1");
        Assert.Equal(JobsError.StoreNotWritable, (await Assert.ThrowsAsync<JobsException>(() => ScheduleAsync(1, ms: 0))).Error);
        await Wait.UntilAsync(() => Running() == 0, "all have ended");
        Assert.Equal(4, await CountAsync("executing"));
        await Redis.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "0");
        History.Fault(start);
        await WaitForFinishedAsync(4);
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }

    [Theory]
    [InlineData("NOREPLICAS", "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0")]
    [InlineData("READONLY", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    [InlineData("MASTERDOWN", "CONFIG SET replica-serve-stale-data no;REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    public async Task Finding_37_what_a_store_says_in_a_failover_passes(string code, string begin, string end)
    {
        async Task ExecuteAsync(string commands)
        {
            foreach (var command in commands.Split(';')) await Redis.ExecuteAsync(command.Split(' ')[0], [.. command.Split(' ').Skip(1)]);
        }

        await ExecuteAsync(begin);
        var scheduling = ScheduleAsync(10, ms: 1);
        await Wait.UntilAsync(async () => ((string?)await Redis.ExecuteAsync("INFO", "errorstats"))!.Contains($"errorstat_{code}", StringComparison.Ordinal), "a call was refused");
        await ExecuteAsync(end);
        var ids = await scheduling;
        await StartPoolAsync(ShortLease);
        await WaitForFinishedAsync(10);
        await CheckAsync(ids);
    }

    [Fact]
    public async Task Finding_37_outcomes_are_stored_and_jobs_claimed_as_soon_as_the_store_is_back()
    {
        var ids = await ScheduleAsync(8, ms: 500);
        var pool = Own(new JobPool(Store, Types, new PoolOptions { Workers = 4 }));
        var ended = pool.Ended;
        await pool.StartAsync();
        await Wait.UntilAsync(() => Running() == 4, "four run");
        Server.Kill();
        var killed = RunLog.Now;
        await Wait.UntilAsync(() => RunLog.Now - killed > 6000, "all who try again do so every two seconds only");
        var back = long.MaxValue;
        Store.Connection.Redis.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == StackExchange.Redis.ConnectionType.Interactive) Volatile.Write(ref back, RunLog.Now);
        };
        var started = RunLog.Now;
        await Server.StartAsync();
        for (var i = 0; i < 4; i++) await ended.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        var stored = RunLog.Now;
        await Wait.UntilAsync(() => History.Read().Count == 8, "the others have begun");
        var claimed = RunLog.Now;
        output.WriteLine($"connected {back - started} ms after the start of the server; stored {stored - back} ms and claimed {claimed - back} ms after that");
        Assert.InRange(Math.Max(stored, claimed) - back, -1000, 1500);
        await WaitForFinishedAsync(8);
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }

    [Fact]
    public async Task Scripts_that_Redis_forgot_are_sent_again()
    {
        await StartPoolAsync(ShortLease);
        var ids = await ScheduleAsync(300, ms: 2);
        for (var done = 0L; done < 300; done = await CountAsync("finished")) await Redis.ExecuteAsync("SCRIPT", "FLUSH");
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }

    [Fact]
    public async Task A_lost_subscription_costs_a_poll_not_a_job()
    {
        await StartPoolAsync(ShortLease with { PollInterval = TimeSpan.FromMilliseconds(200) });
        await Redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
        var ids = await ScheduleAsync(20, ms: 1);
        await WaitForFinishedAsync(20);
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }
}
