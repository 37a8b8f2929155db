using Jobs.Core;
using Jobs.FaultWorker;
using Microsoft.Extensions.Time.Testing;

namespace Jobs.Tests.Faults;

/// <summary>The network between one pool, or a client, and Redis is cut or slow, while others go on.</summary>
public sealed class PartitionTests : FaultTest
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Jobs_of_a_pool_that_is_cut_off_run_elsewhere_after_they_were_stopped_here(bool toStore, bool fromStore)
    {
        var network = MakeNetwork();
        var ids = await ScheduleAsync(4, ms: 2200);
        await StartPoolAsync(ShortLease, await ConnectAsync(network));
        await Wait.UntilAsync(() => Running() == 4, "all run in the first pool");
        await StartPoolAsync(ShortLease);
        var start = RunLog.Now;
        network.Cut(toStore, fromStore);
        await Wait.UntilAsync(() => History.Read().All(job => job.Count() == 2), "all run in the second pool");
        network.Restore();
        History.Fault(start);
        await WaitForFinishedAsync(4);
        await CheckAsync(ids);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_answered_again_and_its_leases_begin_anew()
    {
        var network = MakeNetwork();
        await StartPoolAsync(ShortLease with { PollInterval = TimeSpan.FromSeconds(1) }, await ConnectAsync(network));
        var first = await ScheduleAsync(1, ms: 0); // Redis gets to know the scripts
        await WaitForFinishedAsync(1);
        network.Cut(toStore: false);
        var ids = await ScheduleAsync(4, ms: 10); // the pool does not hear of them, but asks
        await Wait.UntilAsync(async () => await CountAsync("executing") == 4, "the store has given them away");
        var start = RunLog.Now;
        await Wait.UntilAsync(() => RunLog.Now - start > Lease.TotalMilliseconds * 1.2, "the leases have ended");
        network.Restore();
        History.Fault(start);
        await WaitForFinishedAsync(5);
        Assert.Equal(0, (await CheckAsync([.. first, .. ids])).Repeated);
    }

    [Fact]
    public async Task An_outcome_whose_receipt_was_lost_is_known_again_and_counted_once()
    {
        var network = MakeNetwork();
        var pool = Own(new JobPool(await ConnectAsync(network), Types, new PoolOptions { Workers = 4 }));
        var warnings = new List<string>();
        pool.Event += said =>
        {
            lock (warnings) warnings.Add(said.Message);
        };
        var ended = pool.Ended;
        await pool.StartAsync();
        var first = await ScheduleAsync(1, ms: 0); // Redis gets to know the scripts
        await ended.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        var ids = await ScheduleAsync(1, ms: 300); // one: a second outcome would wait for the first one's receipt
        await Wait.UntilAsync(() => Running() == 1, "it runs");
        network.Cut(toStore: false);
        await WaitForFinishedAsync(2);
        // Until the pool gives the receipt up and sends again.
        await Wait.UntilAsync(() => { lock (warnings) return warnings.Exists(text => text.Contains("outcomes", StringComparison.Ordinal)); }, "the receipt is missed");
        network.Restore();
        Assert.Equal(JobStatus.Finished, (await ended.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20))).Status);
        Assert.DoesNotContain(warnings, text => text.Contains("dropped", StringComparison.Ordinal));
        Assert.Equal(2, (long)await Redis.HashGetAsync(Key("type:work"), "finished"));
        Assert.Equal(0, (await CheckAsync([.. first, .. ids])).Repeated);
    }

    [Fact]
    public async Task A_slow_network_repeats_nothing()
    {
        var network = MakeNetwork();
        network.Delay = TimeSpan.FromMilliseconds(25);
        await StartPoolAsync(ShortLease, await ConnectAsync(network));
        var ids = await ScheduleAsync(20, ms: 20);
        await WaitForFinishedAsync(20);
        Assert.Equal(0, (await CheckAsync(ids)).Repeated);
    }

    [Fact]
    public async Task A_client_that_dies_in_mid_schedule_leaves_whole_jobs_or_none()
    {
        var network = MakeNetwork();
        var client = new JobClient(await ConnectAsync(network), Types);
        var scheduling = client.ScheduleAsync([.. Enumerable.Range(0, 5000).Select(_ => new JobRequest { Type = "work", Data = "0" })]);
        await Wait.UntilAsync(async () => await Redis.SortedSetLengthAsync(Key("jobs")) > 0, "some are stored");
        network.Dispose();
        await Assert.ThrowsAnyAsync<JobsException>(() => scheduling);
        var stored = await Redis.SortedSetLengthAsync(Key("jobs"));
        Assert.Equal(0, stored % 500);
        Assert.Empty(await Audit.CheckAsync());
        await StartPoolAsync(ShortLease);
        await WaitForFinishedAsync((int)stored);
        Assert.Empty(await Audit.CheckAsync());
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task Clocks_that_are_hours_off_change_nothing(int hours)
    {
        var wrong = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(hours));
        using var ticking = new Timer(_ => wrong.Advance(TimeSpan.FromMilliseconds(20)), null, 20, 20);
        var store = await ConnectAsync(time: wrong);
        var client = new JobClient(store, Types);
        var now = await client.ScheduleAsync([.. Enumerable.Range(0, 20).Select(i => new JobRequest { Type = "work", Data = "5", In = i % 2 == 0 ? TimeSpan.FromSeconds(0.5) : null })]);
        Assert.All(now, job => Assert.InRange(DateTimeOffset.UtcNow - job.Created, TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5)));
        var pool = await StartPoolAsync(ShortLease, store);
        await StartPoolAsync(ShortLease);
        await WaitForFinishedAsync(20);
        Assert.InRange(DateTimeOffset.UtcNow - pool.Info.Started, TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await CheckAsync([.. now.Select(job => job.Id)])).Repeated);
    }
}
