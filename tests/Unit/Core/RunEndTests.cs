using Jobs.Core;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Tests.Core;

/// <summary>What is left of a run when it has ended, and of the runs before it.</summary>
public sealed class RunEndTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task Finding_8_looking_at_a_run_whose_lease_has_ended_leaves_its_outcome_to_count()
    {
        var job = await ClaimAsync();
        await Redis.SortedSetAddAsync(Key("executing"), job.Id, 1);
        await Store.Connection.SendAsync(Scripts.PurgeStalePool, "reaper", "host", 30_000, 100, 3, 1 << 20);
        Assert.Equal((JobStatus.Queued, 1), await Client.GetAsync(job.Id) is var lapsed ? (lapsed.Status, lapsed.Crashes) : default);

        for (var i = 0; i < 2; i++) Assert.Equal(1, (int)await Store.Connection.SendAsync(Scripts.ReportJobs, job.Id, 1, "{}", i, 1, Entry(i)));
        Assert.Equal(["finished"], (string[])(await Store.Connection.SendAsync(Scripts.FinishJobs, job.Id, 1, "a", Now, Now, "", "", "", 2, 0))!);
        job = await Client.GetAsync(job.Id);
        Assert.Equal((JobStatus.Finished, 0), (job.Status, job.Crashes));
        Assert.Equal(2, (await Client.GetLogAsync(job.Id)).Count);
    }

    [Fact]
    public async Task Finding_22_a_run_without_output_shows_none_of_the_run_before()
    {
        var speaks = true;
        RegisterSpeaker(() => speaks);
        var once = await ScheduleAsync("a");
        var often = await ScheduleAsync("a", request => request with { Every = TimeSpan.FromDays(1), At = DateTimeOffset.UtcNow.AddSeconds(-1) });
        await RunUntilEmptyAsync();
        foreach (var job in new[] { once, often }) Assert.NotNull(await Client.GetOutputAsync(job.Id));

        speaks = false;
        await Client.RestartAsync(once.Id);
        Assert.Null(await Client.GetOutputAsync(once.Id));
        await Client.UpdateAsync(often.Id, new JobChange { In = TimeSpan.Zero });
        await RunUntilEmptyAsync();
        foreach (var job in new[] { once, often }) Assert.Null(await Client.GetOutputAsync(job.Id));
    }

    [Fact]
    public async Task Finding_22_a_run_that_fails_shows_no_output_of_the_run_before()
    {
        var fails = false;
        RegisterSpeaker(() => fails ? throw new InvalidOperationException("no") : true);
        var job = await ScheduleAsync("a", request => request with { Every = TimeSpan.FromDays(1) });
        await RunUntilEmptyAsync();
        Assert.NotNull(await Client.GetOutputAsync(job.Id));
        fails = true;
        await Client.UpdateAsync(job.Id, new JobChange { In = TimeSpan.Zero });
        await RunUntilEmptyAsync();
        Assert.Null(await Client.GetOutputAsync(job.Id));
    }

    [Fact]
    public async Task Finding_39_a_finished_job_keeps_no_error_of_an_earlier_attempt()
    {
        Register("a", run => { if (run.Attempt == 1) throw new InvalidOperationException("the first"); }, new JobDefaults { Retries = 1, RetryDelay = TimeSpan.Zero });
        var job = await ScheduleAsync("a");
        await StartPoolAsync();
        job = await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal((2, null), (job.Attempts, job.Error));
    }

    [Fact]
    public async Task Finding_39_a_cancelled_job_says_that_it_was_cancelled_and_not_how_an_earlier_attempt_failed()
    {
        Register("a", _ => throw new InvalidOperationException("the first"), new JobDefaults { Retries = 1, RetryDelay = TimeSpan.FromDays(1) });
        var job = await ScheduleAsync("a");
        await RunUntilEmptyAsync();
        Assert.Equal("the first", (await Client.GetAsync(job.Id)).Error!.Message);
        Assert.Equal("Jobs.Cancelled", (await Client.CancelAsync(job.Id)).Error!.Type);
    }

    [Fact]
    public async Task Finding_23_log_entries_whose_receipt_was_lost_are_kept_once()
    {
        var job = await ClaimAsync();
        for (var i = 0; i < 2; i++) await Store.Connection.SendAsync(Scripts.ReportJobs, job.Id, 1, "", 0, 2, Entry(0), Entry(1));
        // What came with the lost receipt comes again, with more, and at last with the outcome.
        await Store.Connection.SendAsync(Scripts.ReportJobs, job.Id, 1, "", 0, 3, Entry(0), Entry(1), Entry(2));
        await Store.Connection.SendAsync(Scripts.FinishJobs, job.Id, 1, "a", Now, Now, "", "", "", 2, 2, Entry(2), Entry(3));
        Assert.Equal(["0", "1", "2", "3"], (await Client.GetLogAsync(job.Id)).Select(entry => entry.Message));
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private void RegisterSpeaker(Func<bool> speaks) => Types.Register(new JobType
    {
        Name = "a",
        Handler = (_, _) => Task.FromResult(speaks() ? new JobOutput(["1"], false) : null),
    });

    private async Task<ScheduledJob> ClaimAsync()
    {
        var job = await ScheduleAsync("a");
        await Store.Connection.SendAsync(Scripts.PopNextJobs, Store.Connection.Keys.WithLanes(["default"], ["a"]), [1, "pool", "host", 30_000, 1, 1 << 20, "", "a"]);
        return job;
    }

    private static RedisValue Entry(int number) => $$"""{"time":"2026-01-01T00:00:00+00:00","level":"Warning","message":"{{number}}","attempt":1}""";
}
