using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class SmokeTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task A_scheduled_job_runs_and_finishes()
    {
        var seen = "";
        Register("greet", run => seen = run.Job.Data!);
        var job = await ScheduleAsync("greet", request => request with { Data = "\"you\"", Priority = 100 });
        Assert.Equal(JobStatus.Queued, job.Status);
        var ended = await RunUntilEmptyAsync();
        Assert.Equal("\"you\"", seen);
        Assert.Equal(JobStatus.Finished, Assert.Single(ended).Status);
        job = await Client.GetAsync(job.Id);
        Assert.Equal(JobStatus.Finished, job.Status);
        Assert.Equal(1, job.Attempts);
        Assert.NotNull(job.Duration);
    }

    [Fact]
    public async Task A_thousand_jobs_run_on_three_pools()
    {
        var count = 0;
        Register("noop", _ => Interlocked.Increment(ref count));
        await Client.ScheduleAsync([.. Enumerable.Range(0, 1000).Select(_ => new JobRequest { Type = "noop" })]);
        for (var i = 0; i < 3; i++) await StartPoolAsync();
        await Wait.UntilAsync(async () => await Redis.SortedSetLengthAsync(Key("finished")) == 1000, "all finished");
        Assert.Equal(1000, count);
    }
}
