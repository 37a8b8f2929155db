using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class ChangeTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task A_cancelled_job_does_not_run()
    {
        var ran = false;
        Register("a", _ => ran = true);
        var job = await ScheduleAsync("a");
        job = await Client.CancelAsync(job.Id);
        Assert.Equal(JobStatus.Cancelled, job.Status);
        Assert.NotNull(job.Finished);
        await RunUntilEmptyAsync();
        Assert.False(ran);
        Assert.Equal(JobStatus.Cancelled, (await Client.CancelAsync(job.Id)).Status);
    }

    [Fact]
    public async Task An_ended_job_can_be_restarted_but_not_changed()
    {
        Register("a");
        var job = await ScheduleAsync("a");
        await RunUntilEmptyAsync();
        foreach (var change in (Func<Task>[])[() => Client.CancelAsync(job.Id), () => Client.HoldAsync(job.Id), () => Client.ResumeAsync(job.Id), () => Client.UpdateAsync(job.Id, new JobChange { Priority = 3 })])
            Assert.Equal(JobsError.JobEnded, (await Assert.ThrowsAsync<JobsException>(change)).Error);
        Assert.Equal(JobStatus.Queued, (await Client.RestartAsync(job.Id)).Status);
        Assert.Equal(JobsError.JobNotEnded, (await Assert.ThrowsAsync<JobsException>(() => Client.RestartAsync(job.Id))).Error);
        Assert.Equal(1, Assert.Single(await RunUntilEmptyAsync()).Attempts);
    }

    [Fact]
    public async Task A_rescheduled_job_has_its_new_time()
    {
        var job = await ScheduleAsync("a");
        var at = DateTimeOffset.UtcNow.AddHours(2);
        job = await Client.UpdateAsync(job.Id, new JobChange { At = at });
        Assert.Equal((JobStatus.Scheduled, at.ToUnixTimeMilliseconds()), (job.Status, job.Due!.Value.ToUnixTimeMilliseconds()));
        job = await Client.UpdateAsync(job.Id, new JobChange { In = TimeSpan.Zero });
        Assert.Equal(JobStatus.Queued, job.Status);
    }

    [Fact]
    public async Task A_new_priority_or_queue_moves_a_queued_job()
    {
        var order = new List<string>();
        Register("a", run => order.Add(run.Job.Data!));
        await ScheduleAsync("a", request => request with { Data = "1" });
        var second = await ScheduleAsync("a", request => request with { Data = "2" });
        var third = await ScheduleAsync("a", request => request with { Data = "3" });
        await Client.UpdateAsync(second.Id, new JobChange { Priority = 1 });
        await Client.UpdateAsync(third.Id, new JobChange { Queue = "other" });
        await RunUntilEmptyAsync(new PoolOptions { Workers = 1 });
        Assert.Equal(["2", "1"], order);
        await RunUntilEmptyAsync(new PoolOptions { Workers = 1, Queues = ["other"] });
        Assert.Equal(["2", "1", "3"], order);
    }

    [Fact]
    public async Task A_held_job_waits_until_it_is_resumed()
    {
        Register("a");
        var job = await ScheduleAsync("a", request => request with { Hold = true });
        Assert.Equal(JobStatus.Saved, job.Status);
        Assert.Empty(await RunUntilEmptyAsync());
        await Client.ResumeAsync(job.Id);
        Assert.Single(await RunUntilEmptyAsync());
        job = await ScheduleAsync("a", request => request with { In = TimeSpan.FromHours(1) });
        Assert.Equal(JobStatus.Saved, (await Client.HoldAsync(job.Id)).Status);
        Assert.Equal(JobStatus.Scheduled, (await Client.ResumeAsync(job.Id)).Status);
    }

    [Fact]
    public async Task A_destroyed_job_leaves_no_trace()
    {
        var job = await ScheduleAsync("a", request => request with { UniqueKey = "k" });
        Assert.True(await Client.DestroyAsync(job.Id));
        await Assert.ThrowsAsync<JobNotFoundException>(() => Client.GetAsync(job.Id));
        var keys = Store.Connection.Redis.GetServers()[0].Keys(Store.Database, $"{{{Namespace}}}:*").Select(key => ((string)key!).Split("}:")[1]);
        Assert.Equal(["counts", "lanes", "names", "seq", "settings"], keys.Order(StringComparer.Ordinal));
        Assert.NotEqual(job.Id, (await ScheduleAsync("a", request => request with { UniqueKey = "k" })).Id);
    }

    [Fact]
    public async Task History_is_cleared_by_status_time_and_type()
    {
        Register("good");
        Register("bad", _ => throw new InvalidOperationException());
        for (var i = 0; i < 3; i++)
        {
            await ScheduleAsync("good");
            await ScheduleAsync("bad");
        }
        await RunUntilEmptyAsync();
        Assert.Equal(0, await Client.ClearHistoryAsync([JobStatus.Finished], before: DateTimeOffset.UtcNow.AddHours(-1)));
        Assert.Equal(0, await Client.ClearHistoryAsync([JobStatus.Failed], typePatterns: ["g*"]));
        Assert.Equal(3, await Client.ClearHistoryAsync([JobStatus.Finished, JobStatus.Failed], typePatterns: ["g*"]));
        Assert.Equal(3, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task Many_at_once_are_answered_one_by_one_in_their_order()
    {
        var ended = await Client.CancelAsync((await ScheduleAsync("a")).Id);
        var queued = await ScheduleAsync("a");
        string[] ids = [ended.Id, "nowhere", queued.Id, queued.Id];
        static IEnumerable<JobsError?> Errors(IReadOnlyList<JobsException?> refusals) => refusals.Select(refusal => refusal?.Error);

        Assert.Equal([JobsError.JobEnded, JobsError.JobNotFound, null, null], Errors(await Client.HoldAsync(ids)));
        Assert.Equal([JobsError.JobEnded, JobsError.JobNotFound, null, null], Errors(await Client.ResumeAsync(ids)));
        Assert.Equal([JobsError.JobEnded, JobsError.JobNotFound, null, null], Errors(await Client.UpdateAsync(ids, new JobChange { Cron = "0 3 * * *" })));
        Assert.Equal([null, JobsError.JobNotFound, null, null], Errors(await Client.CancelAsync(ids)));
        Assert.Equal([null, JobsError.JobNotFound, null, JobsError.JobNotEnded], Errors(await Client.RestartAsync(ids)));
        Assert.Equal([null, JobsError.JobNotFound, null, JobsError.JobNotFound], Errors(await Client.DestroyAsync(ids)));
        Assert.Empty(await Client.CancelAsync([]));
    }

    [Fact]
    public async Task Clearing_goes_on_by_time_and_id_past_what_it_keeps()
    {
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 1300).Select(i => new JobRequest { Type = i % 3 == 0 ? "keep" : "clear" })]);
        await Client.CancelAsync([.. jobs.Select(job => job.Id)]);
        Assert.Equal(866, await Client.ClearHistoryAsync([JobStatus.Cancelled], typePatterns: ["CL*"]));
        Assert.Equal(434, await Client.CountAsync(new JobQuery { Types = ["keep"] }));
        Assert.Equal(434, await Client.CountAsync(new JobQuery()));
    }
}
