using System.Diagnostics;
using Jobs.Core;
using Jobs.FaultWorker;

namespace Jobs.Tests.Faults;

/// <summary>Pools that stop: whatever their runs were at, no attempt is consumed; and what waits through an outage costs nothing.</summary>
public sealed class StopTests : FaultTest
{
    private static readonly bool IsChaos = Environment.GetEnvironmentVariable("JOBS_CHAOS") == "1";

    [Theory]
    [InlineData("claimed, waiting for a worker")]
    [InlineData("running")]
    [InlineData("running, of a recurring job")]
    [InlineData("retrying")]
    public async Task A_stop_consumes_no_attempt(string state)
    {
        var flaky = state == "retrying";
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, state.StartsWith("claimed", StringComparison.Ordinal) ? 6 : 1).Select(_ => new JobRequest
        {
            Type = flaky ? "flaky" : "work",
            Data = flaky ? "200" : "60000",
            Every = state.EndsWith("recurring job", StringComparison.Ordinal) ? TimeSpan.FromHours(1) : null,
        })]);
        var pool = await StartPoolAsync(ShortLease with { Workers = 1 });
        await Wait.UntilAsync(() => History.Read()[jobs[0].Id].Count() == (flaky ? 2 : 1), "it runs");
        await pool.StopAsync(TimeSpan.Zero);
        foreach (var job in await Client.FindAsync([.. jobs.Select(job => job.Id)]))
            Assert.Equal((JobStatus.Queued, flaky ? 1 : 0, 0), (job!.Status, job.Attempts, job.Crashes));
        Assert.Empty(await Audit.CheckAsync());
    }

    [Fact]
    public async Task Finding_38_what_a_run_says_while_it_is_stopped_is_kept_though_it_is_given_back()
    {
        var runs = new TaskCompletionSource();
        Register("tidy", async (run, stopping) =>
        {
            try
            {
                run.Log(JobLogLevel.Information, "started");
                runs.SetResult();
                await Task.Delay(Timeout.Infinite, stopping);
            }
            finally
            {
                run.Report(new JobProgress("tidying", PercentComplete: 90));
                run.Log(JobLogLevel.Warning, "tidied up");
            }
        });
        var id = (await ScheduleAsync("tidy")).Id;
        var pool = await StartPoolAsync(ShortLease);
        await runs.Task;
        await pool.StopAsync(TimeSpan.Zero);
        var job = await Client.GetAsync(id);
        Assert.Equal((JobStatus.Queued, 0, 90), (job.Status, job.Attempts, job.Progress?.PercentComplete));
        Assert.Equal(["started", "tidied up"], (await Client.GetLogAsync(id)).Select(entry => entry.Message));
        Assert.Empty(await Audit.CheckAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Finding_38_the_last_progress_of_a_run_is_kept_with_its_outcome(bool succeeds)
    {
        Register("quick", run =>
        {
            run.Report(new JobProgress("done", PercentComplete: 100));
            if (!succeeds) throw new InvalidOperationException("It fails.");
        });
        var id = (await ScheduleAsync("quick")).Id;
        await StartPoolAsync(ShortLease);
        Assert.Equal(100, (await WaitForAsync(id, succeeds ? JobStatus.Finished : JobStatus.Failed)).Progress?.PercentComplete);
    }

    [Fact]
    public async Task A_stop_in_an_outage_ends_and_loses_nothing()
    {
        var ids = await ScheduleAsync(8, ms: 800);
        var pool = await StartPoolAsync(ShortLease);
        await Wait.UntilAsync(() => Running() == 4, "all workers are busy");
        var start = RunLog.Now;
        Server.Kill();
        await pool.StopAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(PoolStatus.Stopped, pool.Info.Status);
        await Server.StartAsync();
        History.Fault(start);
        await StartPoolAsync(ShortLease);
        await WaitForFinishedAsync(8);
        await CheckAsync(ids);
    }

    /// <summary>The store is gone for good: its process has ended, or it is there and says nothing, though the client would wait for an hour.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Finding_1_a_pool_ends_also_when_its_store_is_gone(bool killed)
    {
        var network = MakeNetwork();
        var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = $"{network.Configuration},asyncTimeout=3600000", Namespace = Namespace });
        await ScheduleAsync(2_000, ms: 1);
        var pool = new JobPool(store, Types, new PoolOptions { Workers = 2 });
        await pool.StartAsync();
        await Wait.UntilAsync(() => pool.Info.Processed > 200, "it works");
        if (killed) Server.Kill();
        network.Cut();
        var start = Stopwatch.GetTimestamp();
        await pool.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromSeconds(30));
        await pool.DisposeAsync();
        await store.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 25);
        network.Restore();
        if (killed) await Server.StartAsync();
    }

    [Fact]
    [Trait("Category", "Chaos")]
    public async Task An_outage_with_busy_workers_loses_no_handler_and_no_result_and_costs_no_processor_time()
    {
        var outage = TimeSpan.FromSeconds(IsChaos ? 30 : 5);
        var ids = await ScheduleAsync(8, ms: (int)outage.TotalMilliseconds);
        var worker = StartWorker(workers: 8, lease: TimeSpan.FromSeconds(60));
        await Wait.UntilAsync(() => Running() == 8, "all run");
        Server.Kill();
        var (start, used) = (RunLog.Now, worker.ProcessorTime);
        await Wait.UntilAsync(() => RunLog.Now - start > outage.TotalMilliseconds, "the outage has lasted");
        Assert.False(worker.HasExited);
        Assert.InRange((worker.ProcessorTime - used) / outage, 0, 0.1);
        await Server.StartAsync();
        await WaitForFinishedAsync(8);
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }

    [Fact]
    public async Task A_log_of_many_thousand_lines_at_once_is_kept_and_holds_nothing_up()
    {
        Register("loud", run =>
        {
            for (var i = 0; i < 9500; i++) run.Log(JobLogLevel.Information, "line");
        });
        var job = await ScheduleAsync("loud");
        await StartPoolAsync(ShortLease);
        await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal(9500, await Redis.ListLengthAsync(Key("log:" + job.Id)));
    }
}
