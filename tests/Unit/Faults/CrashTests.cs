using Jobs.Core;
using Jobs.FaultWorker;

namespace Jobs.Tests.Faults;

/// <summary>Pools killed with SIGKILL.</summary>
public sealed class CrashTests : FaultTest
{
    [Fact]
    public async Task A_hundred_jobs_of_a_killed_pool_run_elsewhere_within_their_lease_and_two_seconds()
    {
        var ids = await ScheduleAsync(100, ms: 6000);
        var victim = StartWorker(workers: 100);
        await Wait.UntilAsync(() => Running() == 100, "all run in the first pool");
        await StartPoolAsync(ShortLease with { Workers = 100 });
        victim.Kill();
        var killed = RunLog.Now;
        await Wait.UntilAsync(() => History.Read().All(job => job.Count() == 2), "all run in the second pool");
        Assert.InRange(RunLog.Now - killed, 0, Lease.TotalMilliseconds + 2000);
        await WaitForFinishedAsync(100);
        await CheckAsync(ids);
    }

    [Fact]
    public async Task Pools_killed_at_random_lose_nothing()
    {
        var random = new Random(7);
        var workers = Enumerable.Range(0, 3).Select(_ => StartWorker()).ToList();
        var ids = await ScheduleAsync(400, ms: 20);
        for (var kill = 0; kill < 4; kill++)
        {
            var done = await CountAsync("finished");
            await Wait.UntilAsync(async () => await CountAsync("finished") > done + 20, "work goes on");
            var victim = random.Next(workers.Count);
            workers[victim].Kill();
            workers[victim] = StartWorker();
        }
        await WaitForFinishedAsync(400);
        foreach (var worker in workers) await worker.StopAsync();
        await CheckAsync(ids);
    }

    [Fact]
    public async Task A_job_that_kills_its_pool_three_times_fails_and_says_so()
    {
        var id = (await ScheduleAsync(1, ms: 0, type: "poison")).Single();
        for (var crash = 1; crash <= 3; crash++) await StartWorker(lease: TimeSpan.FromSeconds(1)).DieAsync();
        await StartPoolAsync(ShortLease with { Types = ["work"] });
        var job = await WaitForAsync(id, JobStatus.Failed);
        Assert.Equal(("Jobs.Crashed", 3), (job.Error!.Type, History.Read()[id].Count()));
        await CheckAsync([id]);
    }

    [Fact]
    public async Task Pools_of_one_process_and_of_one_host_come_and_go_in_any_order_and_never_touch_each_others_jobs()
    {
        var ids = new List<string>();
        for (var order = 0; order < 4; order++)
        {
            ids.AddRange(await ScheduleAsync(60, ms: 30));
            var (first, second) = (await StartPoolAsync(ShortLease), await StartPoolAsync(ShortLease));
            var (third, fourth) = (StartWorker(), StartWorker());
            await Task.WhenAll(third.PoolIdAsync(), fourth.PoolIdAsync());
            Func<Task>[] stops = [() => first.StopAsync(), () => second.StopAsync(), third.StopAsync, fourth.StopAsync];
            foreach (var i in Enumerable.Range(0, 4)) await stops[(i + order) % 4]();
        }
        await StartPoolAsync(ShortLease);
        await WaitForFinishedAsync(ids.Count);
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }
}
