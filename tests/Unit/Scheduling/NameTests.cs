using Jobs.Core;

namespace Jobs.Tests.Scheduling;

/// <summary>Names of types and queues are the same in any case, and shown as they were first given.</summary>
public sealed class NameTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task Finding_14_A_job_runs_whatever_the_case_of_its_type_and_queue()
    {
        var ran = new List<string>();
        Register("Backup", run => ran.Add($"{run.Job.Type} {run.Job.Queue}"));
        await ScheduleAsync("backup", request => request with { Queue = "Slow" });
        var ended = await RunUntilEmptyAsync(new PoolOptions { Queues = ["slow"], Types = ["BACKUP"], Workers = 1 });
        Assert.Equal("backup Slow", Assert.Single(ran));
        Assert.Equal(JobStatus.Finished, Assert.Single(ended).Status);
    }

    [Fact]
    public async Task Finding_14_Names_are_shown_as_they_were_first_given()
    {
        Register("backup");
        var first = await ScheduleAsync("Backup", request => request with { Queue = "Slow" });
        var later = await Client.ScheduleAsync([new() { Type = "BACKUP", Queue = "SLOW" }, new() { Type = "Backup", Queue = "slow" }, new() { Type = "backup", Queue = "Slow" }]);
        foreach (var job in (IEnumerable<ScheduledJob?>)[first, .. later, .. await Client.FindAsync([.. later.Select(job => job.Id)])])
            Assert.Equal(("Backup", "Slow"), (job!.Type, job.Queue));

        var pool = await StartPoolAsync(new PoolOptions { Queues = ["SLOW", "slow", "DEFAULT"], Types = ["*"] });
        Assert.Equal(["Backup"], pool.Info.Types);
        Assert.Equal(["Slow", "DEFAULT"], pool.Info.Queues);
        Assert.Equal("Backup", Assert.Single(await Client.GetTypesAsync()).Name);
        await Wait.UntilAsync(async () => (await Client.GetTypesAsync())[0].TotalFinished == 4, "all have run");
        Assert.Equal(["*", "Backup"], (await Client.SummarizeAsync()).Select(summary => summary.Type));
    }

    [Fact]
    public async Task Finding_14_A_type_that_is_first_scheduled_while_its_pool_runs_is_spelled_as_the_pool_does()
    {
        Register("Backup");
        await StartPoolAsync(new PoolOptions { Queues = ["Slow"] });
        var job = await ScheduleAsync("bACKUP", request => request with { Queue = "sLOW" });
        Assert.Equal(("Backup", "Slow"), (job.Type, job.Queue));
        await WaitForAsync(job.Id, JobStatus.Finished);
    }

    [Fact]
    public async Task Finding_14_A_job_moves_to_a_queue_whatever_its_case()
    {
        Register("a");
        await ScheduleAsync("a", request => request with { Queue = "Slow" });
        var job = await ScheduleAsync("a");
        Assert.Equal("Slow", (await Client.UpdateAsync(job.Id, new JobChange { Queue = "SLOW" })).Queue);
        Assert.Equal(2, (await RunUntilEmptyAsync(new PoolOptions { Queues = ["slow"] })).Count);
    }

    [Fact]
    public async Task Finding_14_A_definition_is_updated_whatever_the_case_of_its_type()
    {
        using var mayEnd = new SemaphoreSlim(0);
        Register("Backup", (_, stopping) => mayEnd.WaitAsync(stopping));
        var request = new JobRequest { Type = "Backup", UniqueKey = "k", IfExists = ExistingJob.Update };
        var job = await Client.ScheduleAsync(request);
        await StartPoolAsync();
        await WaitForAsync(job.Id, JobStatus.Executing);
        Assert.Equal(job.Id, (await Client.ScheduleAsync(request with { Type = "BACKUP", Priority = 3 })).Id);
        mayEnd.Release(2); // what an executing job is updated to runs after it
        job = await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal(("Backup", 3), (job.Type, job.Priority));
    }

    [Fact]
    public async Task Finding_14_A_type_is_paused_and_limited_whatever_its_case()
    {
        Register("Backup", maxConcurrency: 1, handler: (_, _) => Task.CompletedTask);
        await ScheduleAsync("backup");
        await Client.SetTypePausedAsync("BACKUP", paused: true);
        Assert.Empty(await RunUntilEmptyAsync());
        var type = Assert.Single(await Client.GetTypesAsync());
        Assert.Equal(("backup", true, 1, 1), (type.Name, type.IsPaused, type.MaxConcurrency, type.Counts[JobStatus.Queued]));
        await Client.SetTypePausedAsync("bAckup", paused: false);
        Assert.Single(await RunUntilEmptyAsync());
    }

    [Fact]
    public async Task Finding_14_A_types_defaults_are_found_whatever_its_case()
    {
        Types.Register(new JobType { Name = "Backup", Defaults = new JobDefaults { Retries = 4, Queue = "Slow" } });
        Assert.Equal(4, (await ScheduleAsync("BACKUP")).Retries);
        await RunUntilEmptyAsync(new PoolOptions { Queues = ["slow"] });
        // Another process knows them from the store.
        var elsewhere = new JobClient(Store, new JobTypeRegistry());
        var job = await elsewhere.ScheduleAsync(new JobRequest { Type = "bACKUP" });
        Assert.Equal((4, "Slow"), (job.Retries, job.Queue));
    }

    [Fact]
    public async Task A_type_of_which_there_are_only_jobs_can_be_paused()
    {
        await ScheduleAsync("a");
        await Client.SetTypePausedAsync("A", paused: true);
        Assert.True(Assert.Single(await Client.GetTypesAsync()).IsPaused);
        Assert.Equal(JobsError.JobTypeNotFound, (await Assert.ThrowsAsync<JobsException>(() => Client.SetTypePausedAsync("b", paused: true))).Error);
    }
}
