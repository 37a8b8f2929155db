using Jobs.Core;
using Jobs.Core.Redis;

namespace Jobs.Tests.Scheduling;

/// <summary>Limits of a type over all pools, measured in Redis by the handlers themselves.</summary>
public sealed class LimitTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task Three_at_once_are_never_four_and_are_reached()
    {
        Register("few", async (_, _) =>
        {
            await Redis.ListRightPushAsync(Key("test-running"), await Redis.StringIncrementAsync(Key("test-now")));
            await Task.Delay(2, CancellationToken.None);
            await Redis.StringDecrementAsync(Key("test-now"));
        }, maxConcurrency: 3);
        await Client.ScheduleAsync([.. Enumerable.Range(0, 500).Select(_ => new JobRequest { Type = "few" })]);
        for (var i = 0; i < 5; i++) await StartPoolAsync(new PoolOptions { Workers = 8 });
        await Wait.UntilAsync(async () => (await Client.SummarizeAsync())[0].Counts[JobStatus.Finished] == 500, "all ran");
        var running = (await Redis.ListRangeAsync(Key("test-running"))).Select(value => (int)value).ToList();
        Assert.Equal((500, 3), (running.Count, running.Max()));
    }

    [Fact]
    public async Task A_dead_pools_places_are_free_again_when_its_leases_end()
    {
        var ran = 0;
        Register("few", _ => Interlocked.Increment(ref ran));
        Types.Register((Types.TryGet("few", out var type) ? type : null)! with { MaxConcurrency = 3 }, replace: true);
        await Client.ScheduleAsync([.. Enumerable.Range(0, 10).Select(_ => new JobRequest { Type = "few" })]);
        await Client.SetTypePausedAsync("few", paused: false); // publishes its limit
        var keys = Store.Connection.Keys.WithLanes(["default"], ["few"]);
        var claimed = Packed.Claims(await Store.Connection.SendAsync(Scripts.PopNextJobs, keys, [1, "dead", "elsewhere", 500, 10, 1 << 20, "", "few"]));
        Assert.Equal(3, claimed.Count);
        await StartPoolAsync();
        await Wait.UntilAsync(() => ran == 10);
        Assert.Equal(3, (await Client.FindAsync([.. claimed.Select(claim => claim.Id)])).Count(job => job!.Crashes == 1));
    }

    [Fact]
    public async Task No_stretch_of_a_window_has_more_starts_than_the_rate_over_all_pools()
    {
        const int Rate = 20, Jobs = 70;
        var window = TimeSpan.FromSeconds(1);
        Types.Register(new JobType
        {
            Name = "mail",
            RateLimit = new RateLimit(Rate, window),
            Handler = async (run, _) =>
            {
                await Redis.ListRightPushAsync(Key("test-starts"), run.Job.Started!.Value.ToUnixTimeMilliseconds());
                return null;
            },
        });
        await Client.ScheduleAsync([.. Enumerable.Range(0, Jobs).Select(_ => new JobRequest { Type = "mail" })]);
        for (var i = 0; i < 3; i++) await StartPoolAsync(new PoolOptions { Workers = 4 });
        await Wait.UntilAsync(async () => await Redis.ListLengthAsync(Key("test-starts")) == Jobs, "all ran");
        var starts = (await Redis.ListRangeAsync(Key("test-starts"))).Select(value => (long)value).Order().ToList();
        for (var i = Rate; i < Jobs; i++) Assert.True(starts[i] - starts[i - Rate] >= window.TotalMilliseconds, $"start {i} came {starts[i] - starts[i - Rate]} ms after the {Rate}th before it");
        Assert.InRange(starts[^1] - starts[0], 3000, 6000);
    }

    [Fact]
    public async Task Finding_34_A_pool_that_runs_until_empty_waits_for_a_rate_limits_end()
    {
        Types.Register(new JobType { Name = "mail", RateLimit = new RateLimit(2, TimeSpan.FromMilliseconds(300)), Handler = (_, _) => Task.FromResult<JobOutput?>(null) });
        await Client.ScheduleAsync([.. Enumerable.Range(0, 7).Select(_ => new JobRequest { Type = "mail" })]);
        await ScheduleAsync("elsewhere");
        var ended = await RunUntilEmptyAsync(new PoolOptions { Workers = 4, PollInterval = TimeSpan.FromMinutes(1) });
        Assert.Equal(7, ended.Count(job => job.Status == JobStatus.Finished));

        // A paused type is not due.
        await ScheduleAsync("mail");
        await Client.SetTypePausedAsync("mail", paused: true);
        Assert.Empty(await RunUntilEmptyAsync());
    }

    [Fact]
    public async Task A_rate_does_not_hold_other_types_back()
    {
        var others = 0;
        Types.Register(new JobType { Name = "mail", RateLimit = new RateLimit(1, TimeSpan.FromHours(1)), Handler = (_, _) => Task.FromResult<JobOutput?>(null) });
        Register("other", _ => Interlocked.Increment(ref others));
        await Client.ScheduleAsync([.. Enumerable.Range(0, 50).Select(_ => new JobRequest { Type = "mail", Priority = 9 }), .. Enumerable.Range(0, 50).Select(_ => new JobRequest { Type = "other" })]);
        await StartPoolAsync();
        await Wait.UntilAsync(async () => (await Client.SummarizeAsync())[0].Counts[JobStatus.Finished] == 51, "what may run has run");
        var counts = await Client.SummarizeAsync();
        Assert.Equal((50, 51, 49), (others, counts[0].Counts[JobStatus.Finished], counts[0].Counts[JobStatus.Queued]));
    }
}
