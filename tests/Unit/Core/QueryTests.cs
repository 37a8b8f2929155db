using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class QueryTests(RedisFixture redis) : StoreTest(redis)
{
    private async Task<List<string>> ListAsync(JobQuery query)
    {
        var found = new List<string>();
        await foreach (var job in Client.QueryAsync(query)) found.Add(job.Data!);
        return found;
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_and_by_page()
    {
        await Client.ScheduleAsync([.. Enumerable.Range(0, 1200).Select(i => new JobRequest { Type = "a", Data = $"{i}" })]);
        Assert.Equal(["1199", "1198"], await ListAsync(new JobQuery { First = 2 }));
        Assert.Equal(["100", "101"], await ListAsync(new JobQuery { OldestFirst = true, Skip = 100, First = 2 }));
        Assert.Equal(1200, (await ListAsync(new JobQuery())).Distinct().Count());
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        Register("bad", _ => throw new InvalidOperationException());
        await ScheduleAsync("bad", request => request with { Data = "1" });
        await RunUntilEmptyAsync();
        await ScheduleAsync("mail-out", request => request with { Data = "2", Queue = "mail" });
        await ScheduleAsync("mail-in", request => request with { Data = "3", In = TimeSpan.FromHours(1) });
        await ScheduleAsync("mail-in", request => request with { Data = "4", Hold = true });
        Assert.Equal(["1"], await ListAsync(new JobQuery { Statuses = [JobStatus.Failed] }));
        Assert.Equal(["2"], await ListAsync(new JobQuery { Statuses = [JobStatus.Queued] }));
        Assert.Equal(["3", "4"], await ListAsync(new JobQuery { Statuses = [JobStatus.Scheduled, JobStatus.Saved] }));
        Assert.Equal(["4", "3", "2"], await ListAsync(new JobQuery { Types = ["mail-*"] }));
        Assert.Equal(["2"], await ListAsync(new JobQuery { Queues = ["mail"] }));
        Assert.Empty(await ListAsync(new JobQuery { Since = DateTimeOffset.UtcNow.AddHours(1) }));
        Assert.Equal(4, await Client.CountAsync(new JobQuery { Until = DateTimeOffset.UtcNow.AddHours(1) }));
        Assert.Empty(await ListAsync(new JobQuery { Types = ["mail.in"] }));
    }

    [Fact]
    public async Task The_summary_counts_by_status_and_type()
    {
        Register("good");
        Register("bad", _ => throw new InvalidOperationException());
        await Client.ScheduleAsync([.. Enumerable.Range(0, 5).Select(_ => new JobRequest { Type = "good" }), new JobRequest { Type = "bad" }]);
        await RunUntilEmptyAsync();
        await ScheduleAsync("good", request => request with { In = TimeSpan.FromHours(1) });
        var summary = await Client.SummarizeAsync();
        Assert.Equal(["*", "bad", "good"], summary.Select(row => row.Type));
        Assert.Equal((5, 1, 1), (summary[0].Counts[JobStatus.Finished], summary[0].Counts[JobStatus.Failed], summary[0].Counts[JobStatus.Scheduled]));
        Assert.Equal((5, 1), (summary[2].Counts[JobStatus.Finished], summary[2].Counts[JobStatus.Scheduled]));
        Assert.True(summary[0].FinishedPerMinute > 0);
        Assert.NotNull(summary[0].AverageDuration);
        Assert.Equal((5L, 0L), (await Client.GetTypesAsync()).Where(type => type.Name == "good").Select(type => (type.TotalFinished, type.TotalFailed)).Single());
    }
}
