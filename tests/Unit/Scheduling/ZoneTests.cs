using Jobs.Core;

namespace Jobs.Tests.Scheduling;

/// <summary>Time zones that one machine knows and another does not.</summary>
public sealed class ZoneTests(RedisFixture redis) : StoreTest(redis)
{
    [Theory]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("Europe/Paris", "Europe/Paris")]
    [InlineData("UTC", "UTC")]
    public async Task Finding_20_The_store_has_IANA_ids(string given, string kept)
    {
        var job = await ScheduleAsync("a", request => request with { Cron = "0 3 * * *", TimeZone = given });
        Assert.Equal((kept, kept), (job.TimeZone, (await Client.GetAsync(job.Id)).TimeZone));
        job = await Client.UpdateAsync(job.Id, new JobChange { Cron = "0 4 * * *", TimeZone = "Tokyo Standard Time" });
        Assert.Equal("Asia/Tokyo", job.TimeZone);
    }

    [Fact]
    public async Task Finding_20_A_job_whose_zone_a_pool_does_not_know_is_left_to_others_and_never_ends()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        var job = await ScheduleAsync("a", request => request with { Cron = "* * * * * *", TimeZone = "Europe/Berlin" });
        await Redis.HashSetAsync(Key("job:" + job.Id), "tz", "Mars/Olympus");
        var pool = Own(new JobPool(Store, Types));
        var warnings = new List<string>();
        pool.Event += said => { lock (warnings) warnings.Add(said.Message); };
        await pool.StartAsync();
        await Wait.UntilAsync(async () => (job = await Client.GetAsync(job.Id)).Error is not null, "its error says why");
        Assert.Equal((JobStatus.Scheduled, 0), (job.Status, job.Attempts));
        Assert.Contains("Mars/Olympus", job.Error!.Message, StringComparison.Ordinal);
        Assert.InRange(job.Due!.Value, DateTimeOffset.UtcNow.AddSeconds(5), DateTimeOffset.UtcNow.AddSeconds(20));
        Assert.True(job.Occurrence < DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.Contains(warnings, warning => warning.Contains(job.Id, StringComparison.Ordinal));
        Assert.Equal(0, ran);

        // A pool that knows it.
        await Redis.HashSetAsync(Key("job:" + job.Id), "tz", "Europe/Berlin");
        await Redis.SortedSetAddAsync(Key("scheduled"), job.Id, 1);
        await StartPoolAsync();
        await Wait.UntilAsync(() => ran > 0);
        await Wait.UntilAsync(async () => (await Client.GetAsync(job.Id)).Error is null, "all is well again");
    }

    [Fact]
    public async Task Finding_20_A_job_whose_zone_the_reaper_does_not_know_does_not_end_either()
    {
        Register("a");
        var job = await ScheduleAsync("a", request => request with { Cron = "* * * * * *", TimeZone = "Europe/Berlin" });
        await Redis.HashSetAsync(Key("job:" + job.Id), [new("tz", "Mars/Olympus"), new("crashes", 2)]);
        Packed.Set(Redis, Key("job:" + job.Id), "status", "executing");
        Packed.Set(Redis, Key("job:" + job.Id), "fence", "3");
        await Redis.SortedSetRemoveAsync(Key("scheduled"), job.Id);
        await Redis.SortedSetAddAsync(Key("executing"), job.Id, 1);
        await StartPoolAsync();
        await Wait.UntilAsync(async () => (job = await Client.GetAsync(job.Id)).Error is not null, "its error says why");
        Assert.Equal(JobStatus.Scheduled, job.Status);
    }
}
