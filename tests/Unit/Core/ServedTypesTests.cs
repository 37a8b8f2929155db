using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class ServedTypesTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task Finding_24_A_type_registered_later_is_served_if_the_pool_may()
    {
        Register("mail");
        var pool = await StartPoolAsync(new PoolOptions { Workers = 1, Types = ["mail", "m*"] });
        var (served, other) = (await ScheduleAsync("more"), await ScheduleAsync("other"));
        Register("other");
        Register("more");
        await WaitForAsync(served.Id, JobStatus.Finished);
        Assert.Equal(["mail", "more"], pool.Info.Types);
        Assert.Equal(JobStatus.Queued, (await Client.GetAsync(other.Id)).Status);
    }

    [Fact]
    public async Task Finding_24_A_replaced_type_is_published_again()
    {
        Register("mail");
        await StartPoolAsync(new PoolOptions { Workers = 1 });
        Types.Register(new JobType { Name = "Mail", MaxConcurrency = 3, Handler = (_, _) => Task.FromResult<JobOutput?>(null) }, replace: true);
        await Wait.UntilAsync(async () => (await Client.GetTypesAsync())[0].MaxConcurrency == 3, "the new limit is known");
    }

    [Fact]
    public async Task Finding_24_What_is_claimed_of_an_unregistered_type_goes_back()
    {
        using var gate = new SemaphoreSlim(0);
        var count = 0;
        Register("work", async (_, stopping) =>
        {
            // The first ones set the pace: after them the pool claims ahead.
            if (Interlocked.Increment(ref count) > 50) await gate.WaitAsync(stopping);
        });
        var jobs = await Client.ScheduleAsync(Enumerable.Repeat(new JobRequest { Type = "work" }, 150).ToList());
        var pool = await StartPoolAsync(new PoolOptions { Workers = 1 });
        await Wait.UntilAsync(async () => Volatile.Read(ref count) == 51 && (await Client.SummarizeAsync())[0].Counts[JobStatus.Executing] > 1, "jobs are claimed ahead");

        Assert.True(Types.Unregister("Work"));
        await Wait.UntilAsync(async () => (await Client.SummarizeAsync())[0].Counts[JobStatus.Executing] == 1, "they are back in their queue");
        Assert.Empty(pool.Info.Types);
        gate.Release(200);
        await Wait.UntilAsync(() => Task.FromResult(pool.Info.Busy == 0), "the one that ran has ended");

        var counts = (await Client.SummarizeAsync())[0].Counts;
        Assert.Equal((51, 99, 0), (counts[JobStatus.Finished], counts[JobStatus.Queued], counts[JobStatus.Failed]));
        Assert.All(await Client.FindAsync([.. jobs.Skip(51).Select(job => job.Id)]), job => Assert.Equal(0, job!.Attempts));
        Register("work");
        await Wait.UntilAsync(async () => (await Client.SummarizeAsync())[0].Counts[JobStatus.Finished] == 150, "they run when the type is back");
    }
}
