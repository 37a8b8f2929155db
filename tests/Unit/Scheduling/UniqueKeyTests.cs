using Jobs.Core;
using Jobs.Core.Redis;
using Jobs.Core.Scheduling;
using StackExchange.Redis;

namespace Jobs.Tests.Scheduling;

public sealed class UniqueKeyTests(RedisFixture redis) : StoreTest(redis)
{
    private static readonly JobRequest Nightly = new() { Type = "a", UniqueKey = "nightly", Cron = "0 3 * * *", TimeZone = "Europe/Berlin", IfExists = ExistingJob.Update };

    [Fact]
    public async Task Scheduling_says_whether_the_job_existed()
    {
        var first = await ScheduleAsync("a", request => request with { UniqueKey = "k" });
        var second = await ScheduleAsync("a", request => request with { UniqueKey = "k" });
        Assert.Equal((false, true), (first.IsExisting, second.IsExisting));
        Assert.Equal(first.Id, second.Id);
        var both = await Client.ScheduleAsync([new JobRequest { Type = "a", UniqueKey = "l" }, new JobRequest { Type = "a", UniqueKey = "l" }]);
        Assert.Equal([false, true], both.Select(job => job.IsExisting));
    }

    [Fact]
    public async Task Eight_schedulers_of_one_key_make_one_job()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace });
            var client = new JobClient(store, new JobTypeRegistry());
            var jobs = new List<ScheduledJob>();
            for (var i = 0; i < 1000; i++) jobs.Add(await client.ScheduleAsync(new JobRequest { Type = "a", UniqueKey = "k" }));
            return jobs;
        })));
        Assert.Single(made.SelectMany(jobs => jobs).Select(job => job.Id).Distinct());
        Assert.Equal(7999, made.SelectMany(jobs => jobs).Count(job => job.IsExisting));
        Assert.Equal(1, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task An_existing_job_can_be_an_error_that_schedules_nothing()
    {
        var holder = await ScheduleAsync("a", request => request with { UniqueKey = "k" });
        var error = await Assert.ThrowsAsync<JobExistsException>(() => Client.ScheduleAsync([new JobRequest { Type = "a" }, new JobRequest { Type = "a", UniqueKey = "k", IfExists = ExistingJob.Refuse }]));
        Assert.Equal(holder.Id, error.JobId);
        Assert.Equal(1, await Client.CountAsync(new JobQuery()));
        await Assert.ThrowsAsync<JobExistsException>(() => Client.ScheduleAsync([.. Enumerable.Repeat(new JobRequest { Type = "a", UniqueKey = "l", IfExists = ExistingJob.Refuse }, 2)]));
        Assert.Equal(1, await Client.CountAsync(new JobQuery()));
        Register("a");
        await RunUntilEmptyAsync();
        Assert.False((await ScheduleAsync("a", request => request with { UniqueKey = "k", IfExists = ExistingJob.Refuse })).IsExisting);
    }

    [Theory]
    [InlineData(ExistingJob.Keep)]
    [InlineData(ExistingJob.Refuse)]
    [InlineData(ExistingJob.Update)]
    public async Task A_call_that_is_sent_again_after_its_job_ended_takes_nothing(ExistingJob ifExists)
    {
        Register("a");
        var arguments = new List<RedisValue> { 1 };
        JobPlan.Make(new JobRequest { Type = "a", UniqueKey = "k", IfExists = ifExists }, "01J00000000000000000000000", new JobDefaults(), null).AppendTo(arguments);
        for (var i = 0; i < 3; i++)
        {
            var reply = (RedisResult[])(await Store.Connection.SendAsync(Scripts.ScheduleJobs, [.. arguments]))!;
            if (i == 0) Assert.Equal("", (string?)reply[1]); // stored and queued
            else Assert.Equal(("01J00000000000000000000000", "finished"), ((string)reply[2]!, (string)reply[1]!));
            await RunUntilEmptyAsync();
        }
        Assert.False(await Redis.KeyExistsAsync(Key("unique:k")));
        Assert.Equal(1, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task A_definition_that_is_repeated_leaves_one_job_with_its_next_time()
    {
        var first = await Client.ScheduleAsync(Nightly);
        for (var i = 0; i < 20; i++) Assert.Equal(first.Id, (await Client.ScheduleAsync(Nightly)).Id);
        var job = await Client.GetAsync(first.Id);
        Assert.Equal((first.Due, JobStatus.Scheduled, first.Occurrence ?? first.Due), (job.Due, job.Status, job.Occurrence));
        Assert.Equal(1, await Client.CountAsync(new JobQuery()));
        var every = new JobRequest { Type = "a", UniqueKey = "often", Every = TimeSpan.FromHours(1), IfExists = ExistingJob.Update };
        Register("a");
        await Client.ScheduleAsync(every);
        await RunUntilEmptyAsync();
        var waiting = await Client.ScheduleAsync(every);
        Assert.Equal((JobStatus.Scheduled, true), (waiting.Status, waiting.IsExisting));
        Assert.Single(await Client.GetRunsAsync(waiting.Id));
    }

    [Fact]
    public async Task A_new_definition_replaces_all_of_the_old_one()
    {
        var first = await Client.ScheduleAsync(Nightly with
        {
            Data = "1", DataIsParameters = true, Retries = 3, RetryDelay = TimeSpan.FromSeconds(9), Backoff = BackoffKind.Fixed, MaxRetryDelay = TimeSpan.FromMinutes(2),
            Timeout = TimeSpan.FromMinutes(1), Priority = 4, Queue = "mail", Missed = MissedPolicy.RunAll,
        });
        var job = await Client.ScheduleAsync(new JobRequest { Type = "b", UniqueKey = "nightly", Every = TimeSpan.FromHours(2), In = TimeSpan.FromHours(1), Data = "2", IfExists = ExistingJob.Update });
        var other = await Client.ScheduleAsync(new JobRequest { Type = "b", UniqueKey = "other", Every = TimeSpan.FromHours(2), In = TimeSpan.FromHours(1), Data = "2" });
        other = await Client.GetAsync(other.Id);
        Assert.Equal(first.Id, job.Id);
        Assert.InRange((job.Due - other.Due)!.Value.TotalSeconds, -10, 0);
        Assert.Equivalent(other with { Id = job.Id, UniqueKey = "nightly", Created = job.Created, Due = job.Due, Occurrence = job.Occurrence, IsExisting = true }, job);
        Assert.Equal(job.Due, job.Occurrence);
        var counts = await Client.SummarizeAsync();
        Assert.Equal(["*", "b"], counts.Select(type => type.Type));
        Assert.Equal(2, counts[0].Counts[JobStatus.Scheduled]);
    }

    [Fact]
    public async Task A_queued_job_goes_where_its_new_definition_puts_it()
    {
        var order = new List<string>();
        Register("a", run => order.Add("a" + run.Job.Data));
        Register("b", run => order.Add("b" + run.Job.Data));
        var held = await ScheduleAsync("a", request => request with { UniqueKey = "k", Data = "1" });
        await ScheduleAsync("a", request => request with { Data = "2" });
        await ScheduleAsync("b", request => request with { UniqueKey = "k", Data = "3", Priority = 5, IfExists = ExistingJob.Update });
        // In the same call as the job that it updates.
        await Client.ScheduleAsync([new JobRequest { Type = "a", UniqueKey = "l", Data = "4" }, new JobRequest { Type = "a", UniqueKey = "l", Data = "5", Queue = "other", IfExists = ExistingJob.Update }]);
        await RunUntilEmptyAsync(new PoolOptions { Workers = 1, Queues = ["default", "other"] });
        Assert.Equal(["b3", "a2", "a5"], order);
        Assert.Equal("b", (await Client.GetAsync(held.Id)).Type);
        Assert.All(await Client.SummarizeAsync(), type => Assert.Equal(0, type.Counts[JobStatus.Queued]));
    }

    [Fact]
    public async Task An_executing_job_takes_its_new_definition_after_the_run()
    {
        var data = new List<string?>();
        var release = new TaskCompletionSource();
        Register("a", async (run, _) =>
        {
            data.Add(run.Job.Data);
            await release.Task;
        });
        var pool = await StartPoolAsync();
        var job = await Client.ScheduleAsync(Nightly with { Data = "1", At = DateTimeOffset.UtcNow.AddMinutes(-1), Cron = null, TimeZone = null, Every = TimeSpan.FromHours(1) });
        await WaitForAsync(job.Id, JobStatus.Executing);
        var updated = await Client.ScheduleAsync(Nightly with { Data = "2" });
        Assert.Equal((job.Id, JobStatus.Executing), (updated.Id, updated.Status));
        release.SetResult();
        updated = await WaitForAsync(job.Id, JobStatus.Scheduled);
        Assert.Equal(("0 3 * * *", null, "2"), (updated.Cron, updated.Every, updated.Data));
        Assert.Equal(3, TimeZoneInfo.ConvertTime(updated.Due!.Value, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Hour);
        Assert.Equal(updated.Due, updated.Occurrence);
        Assert.Equal(["1"], data);
        await pool.StopAsync();
    }

    [Fact]
    public async Task A_job_on_its_way_to_be_cancelled_is_not_updated_silently()
    {
        var release = new TaskCompletionSource();
        Register("a", async (_, _) => await release.Task);
        await StartPoolAsync();
        var job = await ScheduleAsync("a", request => request with { UniqueKey = "nightly" });
        await WaitForAsync(job.Id, JobStatus.Executing);
        Assert.Equal(JobsError.JobExecuting, (await Assert.ThrowsAsync<JobsException>(() => Client.ScheduleAsync(Nightly with { Type = "b" }))).Error);
        await Client.CancelAsync(job.Id);
        Assert.Equal(JobsError.JobExecuting, (await Assert.ThrowsAsync<JobsException>(() => Client.ScheduleAsync(Nightly))).Error);
        release.SetResult();
        await WaitForAsync(job.Id, JobStatus.Cancelled);
        Assert.False((await Client.ScheduleAsync(Nightly)).IsExisting);
    }

    [Fact]
    public async Task A_held_job_stays_held_when_its_definition_is_repeated()
    {
        var job = await Client.ScheduleAsync(Nightly);
        await Client.HoldAsync(job.Id);
        Assert.Equal(JobStatus.Saved, (await Client.ScheduleAsync(Nightly with { Cron = "0 4 * * *" })).Status);
        job = await Client.ResumeAsync(job.Id);
        Assert.Equal((JobStatus.Scheduled, "0 4 * * *"), (job.Status, job.Cron));
        Assert.Equal(4, TimeZoneInfo.ConvertTime(job.Due!.Value, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Hour);
    }

    [Theory]
    [InlineData(ExistingJob.Refuse)]
    [InlineData(ExistingJob.Update)]
    public async Task What_becomes_of_an_existing_job_goes_with_a_key(ExistingJob what) =>
        Assert.Equal(JobsError.InvalidSchedule, (await Assert.ThrowsAsync<JobsException>(() => ScheduleAsync("a", request => request with { IfExists = what }))).Error);
}
