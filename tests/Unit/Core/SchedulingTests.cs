using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class SchedulingTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task A_saved_job_is_found_again_with_all_it_was_given()
    {
        var at = DateTimeOffset.UtcNow.AddHours(1);
        var job = await ScheduleAsync("report", request => request with
        {
            Data = """{"to":"bob"}""", DataIsParameters = true, At = at, Priority = 7, Queue = "mail", Retries = 4, RetryDelay = TimeSpan.FromSeconds(9),
            Backoff = BackoffKind.Fixed, MaxRetryDelay = TimeSpan.FromMinutes(2), Timeout = TimeSpan.FromMinutes(3), UniqueKey = "monday",
        });
        var found = await Client.GetAsync(job.Id);
        Assert.Equivalent(job with { Created = found.Created }, found);
        Assert.Equal(JobStatus.Scheduled, found.Status);
        Assert.Equal("report", found.Type);
        Assert.Equal("""{"to":"bob"}""", found.Data);
        Assert.True(found.DataIsParameters);
        Assert.Equal(at.ToUnixTimeMilliseconds(), found.Due!.Value.ToUnixTimeMilliseconds());
        Assert.Equal((7, "mail", 4, 4), (found.Priority, found.Queue, found.Retries, found.RetriesLeft));
        Assert.Equal((TimeSpan.FromSeconds(9), BackoffKind.Fixed, TimeSpan.FromMinutes(2)), (found.RetryDelay, found.Backoff, found.MaxRetryDelay));
        Assert.Equal((TimeSpan.FromMinutes(3), "monday"), (found.Timeout, found.UniqueKey));
        Assert.Null(found.Started);
        Assert.Null(found.Finished);
        Assert.Null(found.Duration);
        Assert.Equal(0, found.Attempts);
    }

    [Fact]
    public async Task An_unknown_id_is_an_error()
    {
        var error = await Assert.ThrowsAsync<JobNotFoundException>(() => Client.GetAsync("01J00000000000000000000000"));
        Assert.Equal(JobsError.JobNotFound, error.Error);
        Assert.Null(Assert.Single(await Client.FindAsync(["nonsense"])));
    }

    [Fact]
    public async Task A_job_takes_what_it_is_not_given_from_its_type()
    {
        Register("report", defaults: new JobDefaults { Retries = 3, Priority = 5, Queue = "slow", Timeout = TimeSpan.FromMinutes(1) });
        var job = await ScheduleAsync("report");
        Assert.Equal((3, 5, "slow", TimeSpan.FromMinutes(1)), (job.Retries, job.Priority, job.Queue, job.Timeout));
        job = await ScheduleAsync("report", request => request with { Retries = 0, Priority = -1 });
        Assert.Equal((0, -1), (job.Retries, job.Priority));
    }

    [Fact]
    public async Task A_job_of_a_type_unknown_here_takes_the_defaults_that_a_pool_published()
    {
        Register("report", defaults: new JobDefaults { Retries = 3, Queue = "slow" });
        await StartPoolAsync();
        var elsewhere = new JobClient(Store, new JobTypeRegistry());
        var job = await elsewhere.ScheduleAsync(new JobRequest { Type = "report" });
        Assert.Equal((3, "slow"), (job.Retries, job.Queue));
        job = await elsewhere.ScheduleAsync(new JobRequest { Type = "never-heard-of" });
        Assert.Equal((0, "default", JobStatus.Queued), (job.Retries, job.Queue, job.Status));
    }

    [Fact]
    public async Task A_past_time_is_due_now()
    {
        var job = await ScheduleAsync("a", request => request with { At = DateTimeOffset.UtcNow.AddDays(-1) });
        Assert.Equal(JobStatus.Queued, job.Status);
    }

    [Fact]
    public async Task Many_jobs_are_scheduled_in_order()
    {
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 1234).Select(i => new JobRequest { Type = "a", Data = $"{i}" })]);
        Assert.Equal(Enumerable.Range(0, 1234).Select(i => $"{i}"), jobs.Select(job => job.Data));
        Assert.Equal(jobs.Select(job => job.Id).Order(StringComparer.Ordinal), jobs.Select(job => job.Id));
        Assert.Equal(1234, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task Nothing_is_stored_when_one_of_many_is_wrong()
    {
        var error = await Assert.ThrowsAsync<JobsException>(() => Client.ScheduleAsync([new JobRequest { Type = "a" }, new JobRequest { Type = "a", Retries = -1 }]));
        Assert.Equal(JobsError.RetriesOutOfRange, error.Error);
        await Assert.ThrowsAsync<JobNotFoundException>(() => Client.ScheduleAsync([new JobRequest { Type = "a" }, new JobRequest { Type = "a", After = ["01J00000000000000000000000"] }]));
        Assert.Equal(0, await Client.CountAsync(new JobQuery()));
        Assert.False(await Redis.KeyExistsAsync(Key("jobs")));
    }

    public static TheoryData<JobRequest, JobsError> Wrong => new()
    {
        { new JobRequest { Type = "a b" }, JobsError.InvalidName },
        { new JobRequest { Type = "a", Queue = "" }, JobsError.InvalidName },
        { new JobRequest { Type = "a", Priority = 500_001 }, JobsError.PriorityOutOfRange },
        { new JobRequest { Type = "a", Retries = -1 }, JobsError.RetriesOutOfRange },
        { new JobRequest { Type = "a", Every = TimeSpan.Zero }, JobsError.DurationOutOfRange },
        { new JobRequest { Type = "a", In = TimeSpan.FromSeconds(-1) }, JobsError.DurationOutOfRange },
        { new JobRequest { Type = "a", Cron = "0 3 * * *", TimeZone = "Mars/Olympus" }, JobsError.TimeZoneNotFound },
        { new JobRequest { Type = "a", Cron = "61 3 * * *" }, JobsError.InvalidCron },
        { new JobRequest { Type = "a", Cron = "0 0 30 2 *" }, JobsError.InvalidCron },
        { new JobRequest { Type = "a", Cron = "* * * * *", Every = TimeSpan.FromSeconds(1) }, JobsError.InvalidSchedule },
        { new JobRequest { Type = "a", At = DateTimeOffset.UtcNow, In = TimeSpan.FromSeconds(1) }, JobsError.InvalidSchedule },
        { new JobRequest { Type = "a", TimeZone = "Europe/Berlin" }, JobsError.InvalidSchedule },
        { new JobRequest { Type = "a", UniqueKey = "" }, JobsError.InvalidName },
        { new JobRequest { Type = "a", Data = "{" }, JobsError.InvalidData },
        { new JobRequest { Type = "a", Data = "\"" + new string('x', 1 << 20) + "\"" }, JobsError.InvalidData },
        { new JobRequest { Type = "a", Data = new string('[', 33) + new string(']', 33) }, JobsError.InvalidData },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_request_is_refused_and_stores_nothing(JobRequest request, JobsError expected)
    {
        var error = await Assert.ThrowsAsync<JobsException>(() => Client.ScheduleAsync(request));
        Assert.Equal(expected, error.Error);
        Assert.Equal(0, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task A_unique_key_gives_the_unfinished_job_that_holds_it()
    {
        Register("a");
        var first = await ScheduleAsync("a", request => request with { UniqueKey = "k" });
        var second = await ScheduleAsync("a", request => request with { UniqueKey = "k", Data = "1" });
        Assert.Equal(first.Id, second.Id);
        Assert.Null(second.Data);
        await RunUntilEmptyAsync();
        var third = await ScheduleAsync("a", request => request with { UniqueKey = "k" });
        Assert.NotEqual(first.Id, third.Id);
        await Client.CancelAsync(third.Id);
        Assert.NotEqual(third.Id, (await ScheduleAsync("a", request => request with { UniqueKey = "k" })).Id);
    }

    [Fact]
    public async Task A_unique_key_makes_one_job_of_many_schedulers_calls()
    {
        var jobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Client.ScheduleAsync([.. Enumerable.Range(0, 100).Select(_ => new JobRequest { Type = "a", UniqueKey = "k" })]))));
        Assert.Single(jobs.SelectMany(list => list).Select(job => job.Id).Distinct());
        Assert.Equal(1, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task A_dependent_job_waits_for_its_parents()
    {
        Register("a");
        var parents = await Client.ScheduleAsync([new JobRequest { Type = "a", Hold = true }, new JobRequest { Type = "a", Hold = true }]);
        var child = await ScheduleAsync("a", request => request with { After = [.. parents.Select(job => job.Id)] });
        Assert.Equal(JobStatus.Saved, child.Status);
        await Client.ResumeAsync(parents[0].Id);
        await RunUntilEmptyAsync();
        Assert.Equal(JobStatus.Saved, (await Client.GetAsync(child.Id)).Status);
        await Client.ResumeAsync(parents[1].Id);
        await RunUntilEmptyAsync();
        Assert.Equal(JobStatus.Finished, (await Client.GetAsync(child.Id)).Status);
    }

    [Fact]
    public async Task A_chain_is_cancelled_with_the_parent_that_failed_and_says_so()
    {
        Register("bad", _ => throw new InvalidOperationException("no"));
        var parent = await ScheduleAsync("bad", request => request with { Hold = true });
        var chain = new List<ScheduledJob> { parent };
        for (var i = 0; i < 100; i++) chain.Add(await ScheduleAsync("bad", request => request with { After = [chain[^1].Id] }));
        var whatever = await ScheduleAsync("bad", request => request with { After = [parent.Id], AfterAny = true });
        await Client.ResumeAsync(parent.Id);
        await RunUntilEmptyAsync();
        var jobs = await Client.FindAsync([.. chain.Skip(1).Select(job => job.Id)]);
        Assert.All(jobs, job => Assert.Equal(JobStatus.Cancelled, job!.Status));
        Assert.Contains(parent.Id, jobs[0]!.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Failed, (await Client.GetAsync(whatever.Id)).Status);
    }
}
