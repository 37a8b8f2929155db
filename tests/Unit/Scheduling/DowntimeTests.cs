using Jobs.Core;
using StackExchange.Redis;

namespace Jobs.Tests.Scheduling;

/// <summary>A pool that was down. Nothing waits for that: due times are moved back instead.</summary>
public sealed class DowntimeTests(RedisFixture redis) : StoreTest(redis)
{
    [Theory]
    [InlineData(MissedPolicy.Skip, 0)]
    [InlineData(MissedPolicy.RunOnce, 1)]
    [InlineData(MissedPolicy.RunAll, 60)]
    public async Task After_an_hour_a_rhythm_of_a_minute_treats_what_it_missed_as_asked(MissedPolicy missed, int atOnce)
    {
        var (ran, job) = await DownForAnHourAsync(request => request with { Every = TimeSpan.FromMinutes(1), In = TimeSpan.FromMinutes(30), Missed = missed });
        Assert.Equal(atOnce, ran);
        Assert.InRange(job.Due!.Value, DateTimeOffset.UtcNow.AddSeconds(-5), DateTimeOffset.UtcNow.AddSeconds(60));
    }

    [Theory]
    [InlineData(MissedPolicy.Skip, 0)]
    [InlineData(MissedPolicy.RunOnce, 1)]
    [InlineData(MissedPolicy.RunAll, 60)]
    public async Task After_an_hour_a_cron_expression_treats_what_it_missed_as_asked(MissedPolicy missed, int atOnce)
    {
        var second = DateTimeOffset.UtcNow.AddSeconds(30).Second;
        var (ran, job) = await DownForAnHourAsync(request => request with { Cron = $"{second} * * * * *", TimeZone = "Europe/Berlin", Missed = missed });
        Assert.Equal(atOnce, ran);
        Assert.Equal((second, 0), (job.Due!.Value.Second, job.Due.Value.Millisecond));
        Assert.InRange(job.Due.Value, DateTimeOffset.UtcNow.AddSeconds(-5), DateTimeOffset.UtcNow.AddSeconds(60));
    }

    [Fact]
    public async Task A_job_that_skips_runs_at_its_next_regular_time_once()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        var job = await ScheduleAsync("a", request => request with { Every = TimeSpan.FromMinutes(1), In = TimeSpan.FromMinutes(30) });
        // The next regular time is in two seconds.
        await MoveToAsync(job.Id, DateTimeOffset.UtcNow.AddHours(-1).AddSeconds(2));
        await StartPoolAsync();
        await Wait.UntilAsync(() => ran > 0);
        await Wait.UntilAsync(async () => (await Client.GetAsync(job.Id)).Status == JobStatus.Scheduled, "it waits again");
        Assert.Equal(1, ran);
    }

    [Theory]
    [InlineData(MissedPolicy.Skip, 0)]
    [InlineData(MissedPolicy.RunOnce, 1)]
    [InlineData(MissedPolicy.RunAll, 3)]
    public async Task Finding_4_After_three_nights_down_a_nightly_job_treats_what_it_missed_as_asked(MissedPolicy missed, int atNoon)
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        // Nine hours ago it was three.
        var night = DateTimeOffset.UtcNow.AddHours(-9);
        var job = await ScheduleAsync("a", request => request with { Cron = $"{night.Minute} {night.Hour} * * *", TimeZone = "UTC", Missed = missed });
        var next = job.Due!.Value;
        await MoveToAsync(job.Id, next.AddDays(-3));
        await RunUntilEmptyAsync();
        job = await Client.GetAsync(job.Id);
        Assert.Equal((atNoon, JobStatus.Scheduled, next), (ran, job.Status, job.Due));
    }

    [Fact]
    public async Task Finding_4_A_job_that_skips_runs_late_when_its_pool_was_busy()
    {
        var (ran, others) = (0, 0);
        Register("a", _ => Interlocked.Increment(ref ran));
        Register("other", async (_, stopping) =>
        {
            await Task.Delay(220, stopping);
            Interlocked.Increment(ref others);
        });
        await ScheduleAsync("a", request => request with { Every = TimeSpan.FromMilliseconds(100) });
        await Client.ScheduleAsync([.. Enumerable.Range(0, 10).Select(_ => new JobRequest { Type = "other" })]);
        await StartPoolAsync(new PoolOptions { Workers = 1, BatchSize = 0 });
        await Wait.UntilAsync(() => Volatile.Read(ref others) == 10);
        // Between two of the others, each of which takes longer than its rhythm.
        Assert.InRange(Volatile.Read(ref ran), 9, 13);
    }

    [Fact]
    public async Task Finding_4_A_job_that_skips_runs_late_when_pools_come_and_go()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        var job = await ScheduleAsync("a", request => request with { Every = TimeSpan.FromSeconds(1) });
        for (var i = 1; i <= 5; i++)
        {
            await RunUntilEmptyAsync();
            Assert.Equal(i, Volatile.Read(ref ran));
            await MoveToAsync(job.Id, DateTimeOffset.UtcNow.AddSeconds(-4.5));
        }
    }

    [Fact]
    public async Task Finding_4_A_job_is_not_put_off_twice_in_a_row()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        var job = await ScheduleAsync("a", request => request with { Every = TimeSpan.FromMinutes(1), In = TimeSpan.FromMinutes(30) });
        int[] expected = [0, 1, 1, 2];
        foreach (var runs in expected)
        {
            await MoveToAsync(job.Id, DateTimeOffset.UtcNow.AddHours(-1));
            await RunUntilEmptyAsync();
            Assert.Equal(runs, ran);
        }
    }

    [Fact]
    public async Task A_single_job_that_was_missed_runs_at_once_whatever_the_time()
    {
        Register("a");
        var job = await ScheduleAsync("a", request => request with { In = TimeSpan.FromMinutes(1) });
        await MoveToAsync(job.Id, DateTimeOffset.UtcNow.AddDays(-100));
        Assert.Equal(job.Id, Assert.Single(await RunUntilEmptyAsync()).Id);
    }

    private async Task<(int Ran, ScheduledJob Job)> DownForAnHourAsync(Func<JobRequest, JobRequest> with)
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        var job = await ScheduleAsync("a", with);
        // The regular time 60 steps before the one that comes next, half a minute from now or so.
        var next = job.Every is null ? job.Due!.Value : DateTimeOffset.UtcNow.AddSeconds(30);
        await MoveToAsync(job.Id, next.AddMinutes(-60));
        await RunUntilEmptyAsync(new PoolOptions { Workers = 4 });
        job = await Client.GetAsync(job.Id);
        Assert.Equal(JobStatus.Scheduled, job.Status);
        return (ran, job);
    }

    private async Task MoveToAsync(string id, DateTimeOffset due)
    {
        var ms = due.ToUnixTimeMilliseconds();
        // The time that it was put off to, too.
        var putOff = (long?)await Redis.HashGetAsync(Key("job:" + id), "putOff") is { } was && was == (long?)await Redis.HashGetAsync(Key("job:" + id), "slot");
        await Redis.HashSetAsync(Key("job:" + id), [new("time", ms), new("slot", ms), .. putOff ? [new HashEntry("putOff", ms)] : Array.Empty<HashEntry>()]);
        await Redis.SortedSetAddAsync(Key("scheduled"), id, ms);
    }
}
