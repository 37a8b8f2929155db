using System.Diagnostics;
using Jobs.Core;

namespace Jobs.Tests.Faults;

/// <summary>Megabytes over a slow link: calls of bounded size, heartbeats beside them, nothing sent for ever.</summary>
public sealed class SlowLinkTests(ITestOutputHelper output) : FaultTest
{
    private const int Megabyte = 1_000_000;
    private static readonly bool IsChaos = Environment.GetEnvironmentVariable("JOBS_CHAOS") == "1";
    private static readonly string Large = $"\"{new string('x', Megabyte)}\"";

    /// <summary>Connects through a link that passes so many megabytes in a second.</summary>
    private async Task<JobStore> ConnectAsync(double megabytes)
    {
        var network = MakeNetwork();
        network.BytesPerSecond = (int)(megabytes * Megabyte);
        return await ConnectAsync(network);
    }

    [Fact]
    [Trait("Category", "Chaos")]
    public async Task Finding_10_outputs_of_a_megabyte_over_a_slow_link_are_all_stored_and_heartbeats_are_on_time()
    {
        var (count, speed) = IsChaos ? (1000, 4) : (40, 8);
        Types.Register(new JobType { Name = "large", Handler = (_, _) => Task.FromResult<JobOutput?>(new JobOutput([Large])) });
        await Client.ScheduleAsync([.. Enumerable.Range(0, count).Select(_ => new JobRequest { Type = "large" })]);
        var store = await ConnectAsync(speed);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var warnings = new List<string>();
        var pool = Own(new JobPool(store, Types, ShortLease with { Workers = 8 }));
        pool.Event += said =>
        {
            lock (warnings) warnings.Add(said.Message);
        };
        var clock = Stopwatch.StartNew();
        await pool.StartAsync();
        var (most, latest, held) = (0L, TimeSpan.Zero, 0L);
        await Wait.UntilAsync(async () =>
        {
            held = Math.Max(held, await CountAsync("executing"));
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - memory);
            var heartbeat = (await Client.GetPoolsAsync()).Single().LastHeartbeat;
            var silent = await StoreNowAsync() - heartbeat;
            if (silent > latest) latest = silent;
            return await CountAsync("finished") == count;
        }, TimeSpan.FromMinutes(10), "all are stored");
        output.WriteLine($"{count} outputs in {clock.Elapsed.TotalSeconds:0.0} s; longest without a heartbeat {latest.TotalMilliseconds:0} ms; at most {held} jobs held, {most >> 20} MiB more memory in this process");
        Assert.Empty(warnings);
        Assert.InRange(latest, TimeSpan.Zero, Lease * 0.8);
        Assert.InRange(held, 8, 36); // 16 MB that wait to be stored, what the workers add to them, and what is claimed ahead
        Assert.Equal(count, (long)await Redis.HashGetAsync(Key("type:large"), "finished"));
        Assert.Empty(await Audit.CheckAsync());
    }

    [Fact]
    public async Task Finding_10_data_of_a_megabyte_over_a_slow_link_is_claimed_in_order_without_a_lost_lease()
    {
        const int Count = 12;
        var order = new List<string>();
        Register("large", run =>
        {
            Assert.Equal(Large.Length, run.Job.Data!.Length);
            lock (order) order.Add(run.Job.Id);
        });
        var ids = (await Client.ScheduleAsync([.. Enumerable.Range(0, Count).Select(_ => new JobRequest { Type = "large", Data = Large })])).Select(job => job.Id);
        var warnings = new List<string>();
        var pool = Own(new JobPool(await ConnectAsync(4), Types, ShortLease with { Workers = 1, StaleTimeout = 2 * Lease }));
        pool.Event += said => warnings.Add(said.Message);
        await pool.StartAsync();
        await WaitForFinishedAsync(Count);
        Assert.Equal(ids, order);
        Assert.Empty(warnings);
        Assert.Empty(await Audit.CheckAsync());
    }

    [Fact]
    public async Task Finding_10_a_hundred_jobs_of_a_megabyte_are_scheduled_over_a_slow_link()
    {
        var count = IsChaos ? 100 : 25;
        var client = new JobClient(await ConnectAsync(4), Types);
        var jobs = await client.ScheduleAsync([.. Enumerable.Range(0, count).Select(_ => new JobRequest { Type = "large", Data = Large })]);
        Assert.Equal(count, jobs.Select(job => job.Id).Distinct().Count());
        Assert.Equal(count, await Redis.SortedSetLengthAsync(Key("jobs")));
    }

    [Fact]
    public async Task Finding_10_a_step_that_is_refused_tells_what_the_steps_before_it_have_stored()
    {
        var existing = await Client.ScheduleAsync(new JobRequest { Type = "large", UniqueKey = "one" });
        var requests = Enumerable.Range(0, 6).Select(i => new JobRequest { Type = "large", Data = Large, UniqueKey = i == 5 ? "one" : null, IfExists = i == 5 ? ExistingJob.Refuse : ExistingJob.Keep });
        var error = await Assert.ThrowsAsync<PartlyScheduledException>(() => Client.ScheduleAsync([.. requests]));
        Assert.Equal((JobsError.JobExists, existing.Id), (error.Error, Assert.IsType<JobExistsException>(error.Reason).JobId));
        Assert.Equal(4, error.Scheduled.Count);
        var stored = await Redis.SortedSetRangeByRankAsync(Key("jobs"));
        Assert.Equal(error.Scheduled.Select(job => job.Id).Append(existing.Id).Order(), stored.Select(id => id.ToString()).Order());
    }

    [Fact]
    [Trait("Category", "Chaos")]
    public async Task Finding_10_a_link_too_slow_for_the_usual_patience_gets_a_value_through_at_last()
    {
        // Longer than the five seconds that a small call has; in the long run longer than a large one has at first.
        var (length, seconds) = IsChaos ? (Megabyte, 20) : (600_000, 6);
        Types.Register(new JobType { Name = "large", Handler = (_, _) => Task.FromResult<JobOutput?>(new JobOutput([Large[..length] + '"'])) });
        var job = await ScheduleAsync("large");
        await StartPoolAsync(ShortLease with { StaleTimeout = TimeSpan.FromSeconds(5) }, await ConnectAsync(length / seconds / 1e6));
        // Tried for 9, 13 and 21 seconds in the long run before it is through.
        await Wait.UntilAsync(async () => await CountAsync("finished") == 1, TimeSpan.FromMinutes(3), "it is stored");
        Assert.Equal(0, (await Client.GetAsync(job.Id)).Crashes);
        Assert.Empty(await Audit.CheckAsync());
    }

    [Fact]
    public async Task Finding_38_a_large_log_under_way_is_stored_whole_and_in_order_before_the_outcome()
    {
        Register("loud", async (run, _) =>
        {
            for (var i = 0; i < 3000; i++) run.Log(JobLogLevel.Information, $"{i} {new string('x', 200)}");
            await Task.Delay(400, CancellationToken.None); // longer than the time to a report, shorter than its way
        });
        var job = await ScheduleAsync("loud");
        await StartPoolAsync(ShortLease, await ConnectAsync(1));
        await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), (await Client.GetLogAsync(job.Id)).Select(entry => entry.Message.Split(' ')[0]));
    }

    [Fact]
    public async Task Finding_10_outputs_of_parents_and_logs_come_in_parts()
    {
        Types.Register(new JobType { Name = "large", Handler = (_, _) => Task.FromResult<JobOutput?>(new JobOutput([Large])) });
        IReadOnlyList<JobParent>? read = null;
        Register("child", async (run, _) => read = await run.GetParentsAsync(CancellationToken.None));
        var parents = (await Client.ScheduleAsync([.. Enumerable.Range(0, 6).Select(_ => new JobRequest { Type = "large" })])).Select(job => job.Id).ToList();
        var child = await ScheduleAsync("child", request => request with { After = parents });
        await StartPoolAsync(ShortLease, await ConnectAsync(4));
        await WaitForAsync(child.Id, JobStatus.Finished);
        Assert.Equal(parents, read!.Select(parent => parent.Id));
        Assert.All(read!, parent => Assert.Equal(Large, Assert.Single(parent.Output!.Items)));
    }

    private async Task<DateTimeOffset> StoreNowAsync()
    {
        var time = (string[])(await Redis.ExecuteAsync("TIME"))!;
        return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(time[0], System.Globalization.CultureInfo.InvariantCulture) * 1000 + long.Parse(time[1], System.Globalization.CultureInfo.InvariantCulture) / 1000);
    }
}
