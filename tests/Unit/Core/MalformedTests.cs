using Jobs.Core;

namespace Jobs.Tests.Core;

/// <summary>What other hands have written into the store hurts only the job, the type or the pool that it belongs to.</summary>
public sealed class MalformedTests(RedisFixture redis) : StoreTest(redis)
{
    [Theory]
    [InlineData("timeout", "9000000000000000000")]
    [InlineData("timeout", "-5")]
    [InlineData("freq", "0")]
    [InlineData("freq", "9223372036854775807")]
    [InlineData("base", "7")]
    [InlineData("retries", "many")]
    [InlineData("backoff", "Sideways")]
    [InlineData("missed", "3")]
    [InlineData("priority", "nan")]
    [InlineData("retryDelay", "1e99")]
    public async Task Finding_28_a_job_with_a_value_that_can_not_be_fails_with_an_error_that_says_so_and_hurts_no_other(string field, string value)
    {
        Register("a");
        var bad = await ScheduleAsync("a");
        Packed.Set(Redis, Key("job:" + bad.Id), field, value);
        if (field is not ("base" or "priority")) Packed.Set(Redis, Key("job:" + bad.Id), "flags", "x"); // fields of its own are looked at where there are some
        var good = await ScheduleAsync("a");
        var pool = await StartPoolAsync(new PoolOptions { Workers = 1 });
        await WaitForAsync(good.Id, JobStatus.Finished);
        bad = await WaitForAsync(bad.Id, JobStatus.Failed);
        Assert.Equal("Jobs.Malformed", bad.Error!.Type);
        Assert.Contains($"'{field}' is '{value}'", bad.Error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await Client.CountAsync(new JobQuery()));
        await WaitForAsync((await ScheduleAsync("a")).Id, JobStatus.Finished);
        Assert.Equal(PoolStatus.Running, pool.Info.Status);
    }

    [Theory]
    [InlineData("status", "xyz")]
    [InlineData("type", null)]
    [InlineData("queue", null)]
    [InlineData("fence", "abc")]
    [InlineData("fence", "9e300")]
    [InlineData("seq", "abc")]
    [InlineData("time", "soon")]
    [InlineData("created", "x")]
    public async Task Finding_28_what_the_place_of_a_job_tells_needs_no_field(string field, string? value)
    {
        Register("a");
        var job = await ScheduleAsync("a");
        Packed.Set(Redis, Key("job:" + job.Id), field, value);
        await RunUntilEmptyAsync();
        Assert.Equal(JobStatus.Finished, (await Client.GetAsync(job.Id)).Status);
    }

    [Theory]
    [InlineData("type")]
    [InlineData("queue")]
    public async Task Finding_28_a_scheduled_job_without_a_lane_fails_with_an_error(string field)
    {
        Register("a");
        var bad = await ScheduleAsync("a", request => request with { In = TimeSpan.FromMilliseconds(50) });
        Packed.Set(Redis, Key("job:" + bad.Id), field, null);
        await StartPoolAsync(new PoolOptions { StaleTimeout = TimeSpan.FromSeconds(1) });
        bad = await WaitForAsync(bad.Id, JobStatus.Failed);
        Assert.Contains($"it has no {field}", bad.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_28_keys_of_another_kind_hurt_only_whom_they_belong_to()
    {
        Register("a", run => run.Log(JobLogLevel.Warning, "seen"), new JobDefaults { Retries = 1 });
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 8).Select(i => new JobRequest { Type = "a", UniqueKey = $"k{i}" })]);
        await Redis.KeyDeleteAsync(Key("job:" + jobs[0].Id));
        await Redis.StringSetAsync(Key("job:" + jobs[0].Id), "no hash");
        foreach (var kind in new[] { "log", "runs", "children" }) await Redis.StringSetAsync(Key($"{kind}:{jobs[1].Id}"), "no list");
        await Redis.ListRightPushAsync(Key($"output:{jobs[1].Id}"), "no string");
        await Redis.KeyDeleteAsync([Key("unique:k2"), Key("type:a")]);
        await Redis.HashSetAsync(Key("unique:k2"), "no", "string");
        await Redis.StringSetAsync(Key("type:a"), "no hash");
        await Redis.StringSetAsync(Key("starts:a"), "no list");
        await Redis.ListRightPushAsync(Key($"minute:{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 60_000}"), "no hash");
        await Redis.HashSetAsync(Key("counts"), [new("queued:a", "many"), new("executing:a", "few"), new("nonsense", "x"), new("finished:", "3")]);
        await Redis.HashSetAsync(Key("settings"), [new("finished", "abc"), new("maxCount", "-7")]);
        await Redis.SetAddAsync(Key("lanes"), ["", ":", "no lane", "default:a:b", new string('x', 300)]);
        await Redis.SetAddAsync(Key("types"), ["", "no type", "b"]);
        await Redis.StringSetAsync(Key("type:b"), "no hash");
        await Redis.SortedSetAddAsync(Key("pools"), [new("p1", 1e15), new("p2", 1e15)]);
        await Redis.StringSetAsync(Key("pool:p1"), "no hash");
        await Redis.HashSetAsync(Key("pool:p2"), [new("heartbeat", "late"), new("lease", "9e18"), new("workers", "-1"), new("status", "7")]);
        foreach (var set in new[] { "jobs", "executing", "scheduled", "finished", "failed" }) await Redis.SortedSetAddAsync(Key(set), [new("nobody", 1), new("", 2), new("x y", double.NegativeInfinity)]);

        var pool = await StartPoolAsync(new PoolOptions { Workers = 2, StaleTimeout = TimeSpan.FromSeconds(1) });
        foreach (var job in jobs.Skip(1)) await WaitForAsync(job.Id, JobStatus.Finished);
        Assert.Equal(7, await Client.CountAsync(new JobQuery { Statuses = [JobStatus.Finished] }));
        Assert.Equal("seen", Assert.Single(await Client.GetLogAsync(jobs[1].Id)).Message);
        Assert.Null(await Client.GetOutputAsync(jobs[1].Id));
        await Client.GetTypesAsync(TestContext.Current.CancellationToken);
        await Client.GetPoolsAsync(TestContext.Current.CancellationToken);
        await Client.SummarizeAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<JobNotFoundException>(() => Client.GetAsync(jobs[0].Id));
        Assert.True(await Client.DestroyAsync(jobs[0].Id));
        Assert.Equal(JobStatus.Finished, (await WaitForAsync((await ScheduleAsync("a")).Id, JobStatus.Finished)).Status);
        Assert.Equal(PoolStatus.Running, pool.Info.Status);
    }

    [Fact]
    public async Task Finding_28_a_running_job_that_goes_without_a_trace_takes_no_room_of_its_types_limit_for_ever()
    {
        var gate = new TaskCompletionSource();
        Register("a", (_, stopping) => gate.Task.WaitAsync(stopping), maxConcurrency: 1);
        await StartPoolAsync(new PoolOptions { StaleTimeout = TimeSpan.FromSeconds(1) });
        var gone = await ScheduleAsync("a");
        await WaitForAsync(gone.Id, JobStatus.Executing);
        await Redis.KeyDeleteAsync(Key("job:" + gone.Id));
        var next = await ScheduleAsync("a");
        gate.SetResult();
        await WaitForAsync(next.Id, JobStatus.Finished);
        Assert.Equal(0, (int)await Redis.HashGetAsync(Key("counts"), "executing:a"));
    }

    [Fact]
    public async Task Finding_28_jobs_behind_entries_that_are_none_run_at_once()
    {
        Register("a");
        await ScheduleAsync("a", request => request with { Priority = -9 });
        await Redis.SortedSetAddAsync(Key("queued:default:a"), [.. Enumerable.Range(0, 3000).Select(i => new StackExchange.Redis.SortedSetEntry($"nobody{i}", i))]);
        Assert.Single(await RunUntilEmptyAsync(new PoolOptions { Workers = 1, BatchSize = 0, PollInterval = TimeSpan.FromHours(1) }));
    }
}
