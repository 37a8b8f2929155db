using Jobs.Core;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Tests.Scheduling;

/// <summary>Many jobs that wait for one: when it ends, no call settles more of them than some hundred.</summary>
public sealed class SettlingTests(RedisFixture redis) : StoreTest(redis)
{
    private const int Many = 1500;
    private const int Step = 200;

    [Theory]
    [InlineData("finished", false, JobStatus.Queued)]
    [InlineData("failed", false, JobStatus.Cancelled)]
    [InlineData("failed", true, JobStatus.Queued)]
    [InlineData("cancelled", false, JobStatus.Cancelled)]
    [InlineData("removed", false, JobStatus.Cancelled)]
    public async Task Finding_42_A_parents_children_are_settled_in_steps_whatever_its_end(string end, bool any, JobStatus expected)
    {
        var parent = await ScheduleAsync("a");
        var children = await ChildrenAsync(parent.Id, any);
        Assert.True(await EndAsync(parent.Id, end), "It is told that there are more.");
        for (var settled = Step; ; settled += Step)
        {
            Assert.Equal(Math.Max(0, Many - settled), await SavedAsync());
            if (!await SettleAsync()) break;
        }
        Assert.Equal(0, await SavedAsync());
        Assert.False(await Redis.KeyExistsAsync(Key("settling")));
        Assert.False(await Redis.KeyExistsAsync(Key($"children:{parent.Id}")));
        Assert.All(await Client.FindAsync(children), child => Assert.Equal(expected, child!.Status));
        if (expected == JobStatus.Cancelled) Assert.Contains($"Job {parent.Id}, which it waited for, ", (await Client.GetAsync(children[^1])).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_42_Children_run_in_their_order_in_a_pool_that_runs_until_empty()
    {
        var order = new List<string>();
        Register("a", run => order.Add(run.Job.Id));
        var parent = await ScheduleAsync("a");
        var children = await ChildrenAsync(parent.Id);
        await RunUntilEmptyAsync(new PoolOptions { Workers = 1 });
        Assert.Equal([parent.Id, .. children], order);
    }

    [Fact]
    public async Task Finding_42_What_a_pool_that_died_has_left_is_settled_by_another()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        var parent = await ScheduleAsync("a");
        var other = await ScheduleAsync("a");
        await ChildrenAsync(parent.Id);
        await EndAsync(parent.Id, "finished");
        await SettleAsync("died");
        // Nobody else goes on while it might.
        Assert.Equal(2, (long)await Store.Connection.SendAsync(Scripts.SettleChildren, "other"));
        Assert.Equal(Many - (2 * Step), await SavedAsync());
        await Redis.KeyDeleteAsync(Key("settler"));
        await StartPoolAsync(new PoolOptions { Workers = 4 });
        await Wait.UntilAsync(() => ran == Many + 1);
        await WaitForAsync(other.Id, JobStatus.Finished);
    }

    [Fact]
    public async Task Finding_42_A_chain_and_a_crowd_end_with_their_first_wherever_it_is_cancelled()
    {
        var first = await ScheduleAsync("a", request => request with { Hold = true });
        var crowd = await ChildrenAsync(first.Id);
        var last = crowd[^1];
        for (var i = 0; i < 1000; i++) last = (await ScheduleAsync("a", request => request with { After = [last] })).Id;
        await Client.CancelAsync(first.Id);
        Assert.Equal(1 + Many + 1000, (await Client.SummarizeAsync())[0].Counts[JobStatus.Cancelled]);
        Assert.Equal(JobStatus.Cancelled, (await Client.GetAsync(last)).Status);
    }

    [Fact]
    public async Task Finding_42_Who_changes_meanwhile_is_settled_once_and_by_the_right_end()
    {
        var (parent, other) = (await ScheduleAsync("a"), await ScheduleAsync("a", request => request with { Hold = true }));
        var children = await ChildrenAsync(parent.Id);
        var both = await ScheduleAsync("a", request => request with { After = [parent.Id, other.Id] });
        var again = await ScheduleAsync("a", request => request with { After = [parent.Id, other.Id] });
        await EndAsync(parent.Id, "finished");
        // Restarted, it waits for the other alone: the parent has finished.
        await Client.CancelAsync(again.Id);
        Assert.Equal(JobStatus.Saved, (await Client.RestartAsync(again.Id)).Status);
        // The parent runs again, and another waits for that end.
        await Client.RestartAsync(parent.Id);
        var late = await ScheduleAsync("a", request => request with { After = [parent.Id] });
        while (await SettleAsync()) { }

        var jobs = await Client.FindAsync([both.Id, again.Id, late.Id]);
        Assert.All(jobs, job => Assert.Equal(JobStatus.Saved, job!.Status));
        Assert.All(await Client.FindAsync(children), child => Assert.Equal(JobStatus.Queued, child!.Status));
        await Client.CancelAsync(parent.Id);
        Assert.Equal(JobStatus.Cancelled, (await Client.GetAsync(late.Id)).Status);
        await Client.ResumeAsync(other.Id);
        Register("a");
        await RunUntilEmptyAsync();
        Assert.All(await Client.FindAsync([both.Id, again.Id]), job => Assert.Equal(JobStatus.Finished, job!.Status));
    }

    private async Task<string[]> ChildrenAsync(string parent, bool any = false) =>
        [.. (await Client.ScheduleAsync([.. Enumerable.Range(0, Many).Select(_ => new JobRequest { Type = "a", After = [parent], AfterAny = any })])).Select(job => job.Id)];

    private Task<long> SavedAsync() => Redis.SortedSetLengthAsync(Key("saved"));

    /// <summary>True when there are more.</summary>
    private async Task<bool> SettleAsync(string who = "test") => (long)await Store.Connection.SendAsync(Scripts.SettleChildren, who) == 1;

    /// <summary>Ends a job by one call, as pools and users do. True when more is left.</summary>
    private async Task<bool> EndAsync(string id, string end)
    {
        if (end is "finished" or "failed") await Store.Connection.SendAsync(Scripts.PopNextJobs, Store.Connection.Keys.WithLanes(["default"], ["a"]), [1, "pool", "host", 30_000, 1, 1 << 20, "", "a"]);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var reply = await (end switch
        {
            "finished" => Store.Connection.SendAsync(Scripts.FinishJobs, id, 1, "a", now, now, "", "", "", "", 0),
            "failed" => Store.Connection.SendAsync(Scripts.RetryOrFailJob, id, 1, now, now, "{}", -1, "", "", "", 0),
            "cancelled" => Store.Connection.SendAsync(Scripts.SetJobStatus, "cancelled", "why", id),
            _ => Store.Connection.SendAsync(Scripts.DestroyJob, 0, id),
        });
        return ((string[])reply!)[^1] == "more";
    }
}
