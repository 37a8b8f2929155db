using System.Globalization;
using Jobs.Core;

namespace Jobs.Tests.Scheduling;

/// <summary>History is kept as long, and as much of it, as the store is told. On a Redis of its own, whose memory is looked at.</summary>
public sealed class RetentionTests : OwnServerTest
{
    [Fact]
    public Task Memory_is_flat_over_20_000_jobs_of_which_500_are_kept() => MemoryIsFlatAsync(jobs: 10_000, keep: 500);

    [Fact]
    [Trait("Category", "Chaos")]
    public async Task Memory_is_flat_over_200_000_jobs_of_which_1_000_are_kept()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("JOBS_CHAOS") == "1", "Long: set JOBS_CHAOS=1.");
        await MemoryIsFlatAsync(jobs: 100_000, keep: 1000);
    }

    [Fact]
    public async Task Each_status_is_kept_for_its_own_time()
    {
        await KeepAsync(new RetentionOptions { Finished = TimeSpan.FromHours(1), Failed = TimeSpan.FromDays(2), Cancelled = TimeSpan.FromHours(3) });
        Register("good");
        Register("bad", _ => throw new InvalidOperationException("no"));
        var old = new Dictionary<string, string>();
        foreach (var (status, type) in ((string, string)[])[("finished", "good"), ("failed", "bad"), ("cancelled", "none")])
        {
            var job = await ScheduleAsync(type);
            if (status == "cancelled") await Client.CancelAsync(job.Id);
            else await RunUntilEmptyAsync();
            await Redis.SortedSetAddAsync(Key(status), job.Id, DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeMilliseconds());
            old[status] = job.Id;
        }
        for (var i = 0; i < 2; i++)
        {
            await ScheduleAsync("good");
            await ScheduleAsync("bad");
            await Client.CancelAsync((await ScheduleAsync("none")).Id);
            await RunUntilEmptyAsync();
        }
        var found = (await Client.FindAsync([.. old.Values])).Select(job => job?.Status);
        Assert.Equal([null, JobStatus.Failed, JobStatus.Cancelled], found);
    }

    [Fact]
    public async Task Trimmed_jobs_leave_nothing_behind()
    {
        await KeepAsync(new RetentionOptions { MaxCount = 0 });
        Register("a", run => run.Log(JobLogLevel.Information, "something"));
        await Client.ScheduleAsync([.. Enumerable.Range(0, 100).Select(i => new JobRequest { Type = "a", UniqueKey = $"k{i}" })]);
        await RunUntilEmptyAsync();
        var keys = Store.Connection.Redis.GetServers()[0].Keys(Store.Database, $"{{{Namespace}}}:*").Select(key => ((string)key!).Split("}:")[1].Split(':')[0]).Distinct();
        Assert.Empty(keys.Intersect(["job", "log", "output", "runs", "unique", "children", "queued", "jobs", "finished"]));
    }

    [Fact]
    public async Task Finding_29_what_is_cancelled_with_its_parent_is_no_more_than_is_kept()
    {
        await KeepAsync(new RetentionOptions { MaxCount = 5 });
        var parent = await ScheduleAsync("none");
        await Client.ScheduleAsync([.. Enumerable.Range(0, 200).Select(_ => new JobRequest { Type = "none", After = [parent.Id] })]);
        await Client.CancelAsync([parent.Id]);
        Assert.Equal(5, await Redis.SortedSetLengthAsync(Key("cancelled")));
        Assert.Equal(5, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task Finding_29_a_retention_that_is_none_is_an_error_and_changes_nothing()
    {
        var job = await ScheduleAsync("none");
        await Client.CancelAsync(job.Id);
        RetentionOptions[] nonsense = [new() { MaxCount = -1 }, new() { Failed = TimeSpan.FromSeconds(-1) }, new() { Finished = TimeSpan.MaxValue }, new() { Cancelled = TimeSpan.MinValue }];
        foreach (var retention in nonsense)
            Assert.Contains((await Assert.ThrowsAsync<JobsException>(() => KeepAsync(retention))).Error, (JobsError[])[JobsError.ValueOutOfRange, JobsError.DurationOutOfRange]);
        Assert.Equal(0, (int)await Store.Connection.SendAsync(Jobs.Core.Redis.Scripts.SetRetention, 1, 1, 1, -1));
        Assert.Equal(0, (int)await Store.Connection.SendAsync(Jobs.Core.Redis.Scripts.SetRetention, 1, "soon", 1, 1));
        await Store.Connection.SendAsync(Jobs.Core.Redis.Scripts.PurgeStalePool, "reaper", "host", 30_000, 100, 3, 1 << 20);
        Assert.Equal(JobStatus.Cancelled, (await Client.GetAsync(job.Id)).Status);
    }

    private async Task MemoryIsFlatAsync(int jobs, int keep)
    {
        await KeepAsync(new RetentionOptions { MaxCount = keep });
        Types.Register(new JobType { Name = "a", Handler = (run, _) =>
        {
            run.Log(JobLogLevel.Information, "A line of a log, as handlers write them.");
            return Task.FromResult<JobOutput?>(new JobOutput(["{\"answer\":42}"]));
        } });
        await StartPoolAsync(new PoolOptions { Workers = 4, BatchSize = 100 });
        var first = await RunAsync(jobs);
        var second = await RunAsync(jobs);
        TestContext.Current.TestOutputHelper?.WriteLine($"used_memory after {jobs:N0} jobs {first:N0}, after {2 * jobs:N0} {second:N0}");
        Assert.InRange(second, first * 0.95, first * 1.05);
        Assert.Equal(keep, await Redis.SortedSetLengthAsync(Key("finished")));
        Assert.Equal(keep, await Redis.SortedSetLengthAsync(Key("jobs")));
    }

    /// <summary>Runs so many jobs. Returns the memory used at the end: the median of some readings, since buffers come and go.</summary>
    private async Task<double> RunAsync(int jobs)
    {
        const int Some = 2000;
        var readings = new List<double>();
        for (var done = 0; done < jobs; done += Some)
        {
            await Client.ScheduleAsync([.. Enumerable.Range(0, Some).Select(i => new JobRequest { Type = "a", Data = $$"""{"number":{{i}}}""" })]);
            await Wait.UntilAsync(async () => (await Client.SummarizeAsync())[0].Counts is var counts && counts[JobStatus.Queued] + counts[JobStatus.Executing] == 0, "all of them ran");
            readings.Add(await MemoryAsync());
        }
        return readings.TakeLast(5).Order().ElementAt(2);
    }

    private async Task<double> MemoryAsync()
    {
        var info = await Store.Connection.Redis.GetServers()[0].InfoAsync("memory");
        return double.Parse(info[0].Single(entry => entry.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }

    private async Task KeepAsync(RetentionOptions retention) =>
        Own(await JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace, Retention = retention }));
}
