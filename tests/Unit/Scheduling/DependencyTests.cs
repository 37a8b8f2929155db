using System.Globalization;
using Jobs.Core;

namespace Jobs.Tests.Scheduling;

public sealed class DependencyTests(RedisFixture redis) : StoreTest(redis)
{
    private const int Many = 1000;

    [Fact]
    public async Task A_chain_of_a_thousand_jobs_runs_in_order()
    {
        var order = new List<int>();
        Register("a", run => order.Add(int.Parse(run.Job.Data!, CultureInfo.InvariantCulture)));
        var last = "";
        for (var i = 0; i < Many; i++)
        {
            last = (await ScheduleAsync("a", request => request with { Data = $"{i}", After = last.Length == 0 ? [] : [last] })).Id;
        }
        await RunUntilEmptyAsync(new PoolOptions { Workers = 4 });
        Assert.Equal(Enumerable.Range(0, Many), order);
    }

    [Fact]
    public async Task A_chain_of_a_thousand_jobs_is_cancelled_with_its_first()
    {
        var first = await ScheduleAsync("a", request => request with { Hold = true });
        var last = first.Id;
        for (var i = 1; i < Many; i++) last = (await ScheduleAsync("a", request => request with { After = [last] })).Id;
        await Client.CancelAsync(first.Id);
        Assert.Equal(Many, (await Client.SummarizeAsync())[0].Counts[JobStatus.Cancelled]);
        Assert.Contains("was cancelled", (await Client.GetAsync(last)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_waits_for_a_thousand_others_and_a_thousand_for_it()
    {
        int before = 0, after = 0;
        var seen = -1;
        Register("before", _ => Interlocked.Increment(ref before));
        Register("middle", _ => seen = before);
        Register("after", _ => Interlocked.Increment(ref after));
        var parents = await Client.ScheduleAsync([.. Enumerable.Range(0, Many).Select(_ => new JobRequest { Type = "before" })]);
        var middle = await ScheduleAsync("middle", request => request with { After = [.. parents.Select(job => job.Id)] });
        await Client.ScheduleAsync([.. Enumerable.Range(0, Many).Select(_ => new JobRequest { Type = "after", After = [middle.Id] })]);
        await RunUntilEmptyAsync(new PoolOptions { Workers = 8 });
        Assert.Equal((Many, Many), (seen, after));
    }

    [Fact]
    public async Task A_thousand_jobs_after_a_thousand_are_scheduled_in_steps_that_the_store_can_take()
    {
        var parents = await Client.ScheduleAsync([.. Enumerable.Range(0, Many).Select(_ => new JobRequest { Type = "a", Hold = true })]);
        string[] ids = [.. parents.Select(job => job.Id)];
        var children = await Client.ScheduleAsync([.. Enumerable.Range(0, Many).Select(_ => new JobRequest { Type = "b", After = ids })]);
        Assert.All(children, job => Assert.Equal(JobStatus.Saved, job.Status));
        Assert.Equal(2 * Many, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task Whatever_the_outcome_lets_a_job_run_after_a_failure()
    {
        Register("bad", _ => throw new InvalidOperationException("no"));
        Register("next");
        var parents = await Client.ScheduleAsync([new JobRequest { Type = "bad" }, new JobRequest { Type = "bad" }]);
        string[] ids = [.. parents.Select(job => job.Id)];
        var any = await ScheduleAsync("next", request => request with { After = ids, AfterAny = true });
        var all = await ScheduleAsync("next", request => request with { After = ids });
        await RunUntilEmptyAsync();
        Assert.Equal(JobStatus.Finished, (await Client.GetAsync(any.Id)).Status);
        all = await Client.GetAsync(all.Id);
        Assert.Equal(JobStatus.Cancelled, all.Status);
        Assert.Contains(ids, id => all.Error!.Message.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_after_ended_ones_runs_or_is_cancelled_at_once()
    {
        Register("good");
        Register("bad", _ => throw new InvalidOperationException("no"));
        var good = await ScheduleAsync("good");
        var bad = await ScheduleAsync("bad");
        await RunUntilEmptyAsync();
        Assert.Equal(JobStatus.Queued, (await ScheduleAsync("good", request => request with { After = [good.Id] })).Status);
        Assert.Equal(JobStatus.Cancelled, (await ScheduleAsync("good", request => request with { After = [good.Id, bad.Id], UniqueKey = "k" })).Status);
        Assert.False((await ScheduleAsync("good", request => request with { UniqueKey = "k" })).IsExisting);
        Assert.Equal(JobStatus.Queued, (await ScheduleAsync("good", request => request with { After = [good.Id, bad.Id], AfterAny = true })).Status);
    }

    [Fact]
    public async Task A_parent_whose_history_is_gone_holds_nobody_back_but_can_not_be_named_any_more()
    {
        Register("a");
        var done = await ScheduleAsync("a");
        var held = await ScheduleAsync("a", request => request with { Hold = true });
        var child = await ScheduleAsync("a", request => request with { After = [done.Id, held.Id] });
        await RunUntilEmptyAsync();
        await Client.ClearHistoryAsync([JobStatus.Finished]);
        await Client.ResumeAsync(held.Id);
        await RunUntilEmptyAsync();
        child = await Client.GetAsync(child.Id);
        Assert.Equal(JobStatus.Finished, child.Status);
        Assert.Equal([null, JobStatus.Finished], (await Client.GetParentsAsync(child)).Select(parent => parent.Status));
        await Assert.ThrowsAsync<JobNotFoundException>(() => ScheduleAsync("a", request => request with { After = [done.Id] }));
    }

    [Fact]
    public async Task A_removed_parent_cancels_what_waits_for_it()
    {
        var parent = await ScheduleAsync("a");
        var child = await ScheduleAsync("a", request => request with { After = [parent.Id] });
        await Client.DestroyAsync(parent.Id);
        child = await Client.GetAsync(child.Id);
        Assert.Equal(JobStatus.Cancelled, child.Status);
        Assert.Contains(parent.Id, child.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_13_A_restarted_job_waits_again_for_parents_that_have_not_ended()
    {
        var order = new List<string>();
        Register("a", run => order.Add(run.Job.Id));
        var parent = await ScheduleAsync("a");
        var child = await ScheduleAsync("a", request => request with { After = [parent.Id], Priority = 9 });
        await RunUntilEmptyAsync();
        await Client.RestartAsync(parent.Id);
        Assert.Equal(JobStatus.Saved, (await Client.RestartAsync(child.Id)).Status);
        await RunUntilEmptyAsync();
        Assert.Equal([parent.Id, child.Id, parent.Id, child.Id], order);

        // Parents that have finished, or whose history is gone, hold nobody back.
        Assert.Equal(JobStatus.Queued, (await Client.RestartAsync(child.Id)).Status);
        await RunUntilEmptyAsync();
        await Client.DestroyAsync(parent.Id);
        Assert.Equal(JobStatus.Queued, (await Client.RestartAsync(child.Id)).Status);
    }

    [Theory]
    [InlineData(false, JobStatus.Cancelled)]
    [InlineData(true, JobStatus.Queued)]
    public async Task Finding_13_A_restarted_job_is_cancelled_when_a_parent_failed_unless_that_is_the_same_to_it(bool any, JobStatus expected)
    {
        Register("bad", _ => throw new InvalidOperationException("no"));
        Register("a");
        var parent = await ScheduleAsync("bad");
        var child = await ScheduleAsync("a", request => request with { After = [parent.Id], AfterAny = any, UniqueKey = "k" });
        var grandchild = await ScheduleAsync("a", request => request with { After = [child.Id] });
        await RunUntilEmptyAsync();
        await Client.RestartAsync(parent.Id);
        child = await Client.RestartAsync(child.Id);
        grandchild = await Client.RestartAsync(grandchild.Id);
        Assert.Equal([JobStatus.Saved, JobStatus.Saved], (JobStatus[])[child.Status, grandchild.Status]);
        await Client.CancelAsync(parent.Id);
        child = await Client.GetAsync(child.Id);
        Assert.Equal(expected, child.Status);
        if (any) return;
        Assert.Equal(JobStatus.Cancelled, (await Client.GetAsync(grandchild.Id)).Status);

        child = await Client.RestartAsync(child.Id);
        Assert.Equal(expected, child.Status);
        Assert.Contains(parent.Id, child.Error!.Message, StringComparison.Ordinal);
        Assert.NotNull(child.Finished);
        Assert.False((await ScheduleAsync("a", request => request with { UniqueKey = "k" })).IsExisting);
        Assert.Equal(2, (await Client.SummarizeAsync())[0].Counts[JobStatus.Cancelled] - 1);
    }

    [Fact]
    public async Task A_handler_reads_what_its_parents_put_out()
    {
        Types.Register(new JobType { Name = "part", Handler = (run, _) => Task.FromResult<JobOutput?>(new JobOutput([$"{run.Job.Data}0", "\"x\""])) });
        IReadOnlyList<JobParent>? parents = null;
        Register("sum", async (run, stopping) => parents = await run.GetParentsAsync(stopping));
        var parts = await Client.ScheduleAsync([.. Enumerable.Range(1, 120).Select(i => new JobRequest { Type = "part", Data = $"{i}" })]);
        await ScheduleAsync("sum", request => request with { After = [.. parts.Select(job => job.Id)] });
        await RunUntilEmptyAsync();
        Assert.Equal(parts.Select(job => job.Id), parents!.Select(parent => parent.Id));
        Assert.Equal(Enumerable.Range(1, 120).Select(i => $"{i}0"), parents!.Select(parent => parent.Output!.Items[0]));
        Assert.All(parents!, parent => Assert.Equal(("part", JobStatus.Finished, 2), (parent.Type, parent.Status, parent.Output!.Items.Count)));
    }
}
