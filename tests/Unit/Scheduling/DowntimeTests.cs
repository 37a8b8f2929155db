using Jobs.Core;

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
        await Redis.HashSetAsync(Key("job:" + id), [new("time", ms), new("slot", ms)]);
        await Redis.SortedSetAddAsync(Key("scheduled"), id, ms);
    }
}
