using System.Diagnostics;
using Jobs.Core;
using Jobs.Core.Redis;
using StackExchange.Redis;

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Finding_2_changing_what_is_listed_reaches_every_job_once(bool oldestFirst)
    {
        await Client.ScheduleAsync([.. Enumerable.Range(0, 1200).Select(_ => new JobRequest { Type = "a" })]);
        var query = new JobQuery { Statuses = [JobStatus.Queued], OldestFirst = oldestFirst };
        var met = new List<string>();
        await foreach (var job in Client.QueryAsync(query))
        {
            met.Add(job.Id);
            await Client.CancelAsync(job.Id);
        }
        Assert.Equal(1200, met.Distinct().Count());
        Assert.Equal(1200, met.Count);
        Assert.Equal(0, await Client.CountAsync(query));
    }

    [Fact]
    public async Task Finding_2_a_listing_shows_each_job_once_while_others_are_scheduled_and_removed()
    {
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 1200).Select(_ => new JobRequest { Type = "a" })]);
        var met = new List<string>();
        await foreach (var job in Client.QueryAsync(new JobQuery()))
        {
            if (met.Count % 300 == 0) await Client.ScheduleAsync([.. Enumerable.Range(0, 100).Select(_ => new JobRequest { Type = "a" })]);
            if (met.Count == 0) await Client.DestroyAsync([.. jobs.Take(10).Select(removed => removed.Id)]);
            met.Add(job.Id);
        }
        Assert.Equal(jobs.Skip(10).Reverse().Select(job => job.Id), met);
    }

    /// <summary>With bounds so small that there are many calls, and changes between any two of them.</summary>
    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "a*")]
    [InlineData(false, "")]
    [InlineData(false, "a*")]
    public async Task Finding_2_a_reading_goes_on_by_score_and_id(bool ascending, string pattern)
    {
        const int Small = 7;
        var at = DateTimeOffset.UtcNow.AddDays(1);
        // All of one score, where only the ids tell them apart, and some around them.
        async Task<List<string>> AddAsync(int n) =>
            [.. (await Client.ScheduleAsync([.. Enumerable.Range(0, n).Select(i => new JobRequest { Type = i % 4 == 0 ? "b" : "a1", At = at.AddSeconds(i % 10 == 0 ? i % 3 - 1 : 0) })])).Select(job => job.Id)];

        var staying = await AddAsync(150);
        var leaving = await AddAsync(150);
        var random = new Random(1);
        var met = new List<string>();
        RedisValue[] from = ["", "", ""];
        do
        {
            RedisValue[] patterns = pattern == "" ? [0] : [1, NamePattern.Compile(pattern)];
            var reply = (RedisResult[])(await Store.Connection.SendAsync(Scripts.QueryJobs,
                ["scheduled", ascending ? 1 : 0, 0, Small, Small, "", "", .. from, .. patterns]))!;
            from = [(RedisValue)reply[1], (RedisValue)reply[2], (RedisValue)reply[3]];
            foreach (var ids in reply.Skip(4).Chunk(2)) met.AddRange(((string[])ids[1]!)!);
            await AddAsync(2);
            var gone = leaving.OrderBy(_ => random.Next()).Take(5).Concat(met.Except(staying).TakeLast(1)).ToList();
            await Client.DestroyAsync(gone);
            leaving.RemoveAll(gone.Contains);
        }
        while (from[0] != "");

        var expected = staying.Where((_, i) => pattern == "" || i % 4 != 0);
        Assert.Equal(met.Distinct().Count(), met.Count);
        Assert.Empty(expected.Except(met));
    }

    [Fact]
    public async Task Finding_2_what_is_beyond_one_call_follows_in_its_order()
    {
        var jobs = await Client.ScheduleAsync([.. Enumerable.Range(0, 9000).Select(i => new JobRequest { Type = i % 2 == 0 ? "even" : "odd", Data = $"{i}" })]);
        var odd = jobs.Where((_, i) => i % 2 == 1).Select(job => job.Data!).ToList();
        Assert.Equal(odd, await ListAsync(new JobQuery { Types = ["ODD"], OldestFirst = true }));
        Assert.Equal(Enumerable.Reverse(odd), await ListAsync(new JobQuery { Types = ["odd"] }));
        Assert.Equal(Enumerable.Reverse(odd).Skip(4000).Take(300), await ListAsync(new JobQuery { Types = ["o?d"], Skip = 4000, First = 300 }));
        Assert.Equal(odd.Skip(4400), await ListAsync(new JobQuery { Types = ["o*"], Skip = 4400, OldestFirst = true }));
        Assert.Equal(4500, await Client.CountAsync(new JobQuery { Types = ["odd"] }));
        Assert.Equal(9000, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task Skip_and_First_go_over_from_one_lane_and_status_to_the_next()
    {
        foreach (var queue in (string[])["one", "two", "three"])
            await Client.ScheduleAsync([.. Enumerable.Range(0, 3).Select(i => new JobRequest { Type = "a", Queue = queue, Data = $"\"{queue}{i}\"" })]);
        await Client.ScheduleAsync([.. Enumerable.Range(0, 3).Select(i => new JobRequest { Type = "a", Hold = true, Data = $"\"held{i}\"" })]);
        var query = new JobQuery { Statuses = [JobStatus.Queued, JobStatus.Saved], OldestFirst = true };
        var all = await ListAsync(query);
        Assert.Equal(["one", "three", "two", "held"], all.Select(data => data.Trim('"')[..^1]).Distinct());
        Assert.Equal(12, all.Count);
        for (var skip = 0; skip < 13; skip++)
        {
            Assert.Equal(all.Skip(skip).Take(4), await ListAsync(query with { Skip = skip, First = 4 }));
            Assert.Equal(all.Skip(skip), await ListAsync(query with { Skip = skip }));
        }
        Assert.Equal(["\"two2\"", "\"two1\""], await ListAsync(new JobQuery { Statuses = [JobStatus.Queued], Queues = ["tw*"], First = 2 }));
        Assert.Empty(await ListAsync(new JobQuery { First = 0 }));
    }

    [Theory]
    [InlineData("Backup", "backup")]
    [InlineData("backup", "BACK*")]
    [InlineData("backup", "*up")]
    [InlineData("backup", "b*k*p")]
    [InlineData("backup", "b??k?p")]
    [InlineData("backup", "[a-c]ack[tuv]p")]
    [InlineData("back-up.x_1", "back-up.x_1")]
    [InlineData("back-up", "*[-]*")]
    [InlineData("aab", "*ab")]
    [InlineData("abab", "ab*ab")]
    [InlineData("x", "*")]
    [InlineData("x", "**x**")]
    public async Task Names_match_wildcards(string name, string pattern)
    {
        await ScheduleAsync(name, request => request with { Queue = name });
        Assert.Equal(1, await Client.CountAsync(new JobQuery { Types = ["no", pattern], Queues = [pattern] }));
    }

    [Theory]
    [InlineData("backup", "back")]
    [InlineData("backup", "?")]
    [InlineData("aba", "ab*ba")]
    [InlineData("backup", "[x-z]*")]
    [InlineData("backup", "b.*")]
    [InlineData("backup", "%a*")]
    [InlineData("backup", "`*")]
    [InlineData("backup", "back[")]
    [InlineData("backup", "é*")]
    public async Task Names_do_not_match_other_wildcards(string name, string pattern)
    {
        await ScheduleAsync(name, request => request with { Queue = name });
        Assert.Equal(0, await Client.CountAsync(new JobQuery { Types = [pattern] }));
        Assert.Equal(0, await Client.CountAsync(new JobQuery { Queues = [pattern] }));
    }

    [Fact]
    public async Task Finding_30_a_pattern_of_many_wildcards_holds_nobody_up()
    {
        var bad = string.Concat(Enumerable.Repeat("*a", 30)) + "*b";
        await Client.ScheduleAsync([.. Enumerable.Range(0, 20).Select(i => new JobRequest { Type = new string('a', 80 + i), Queue = new string('a', 100 - i), Hold = true })]);
        foreach (var job in await Client.ScheduleAsync([.. Enumerable.Range(0, 20).Select(i => new JobRequest { Type = new string('a', 80 + i) })])) await Client.CancelAsync(job.Id);
        var start = Stopwatch.GetTimestamp();
        Assert.Equal(0, await Client.CountAsync(new JobQuery { Types = [bad] }));
        Assert.Equal(0, await Client.CountAsync(new JobQuery { Queues = [bad] }));
        Assert.Equal(0, await Client.CountAsync(new JobQuery { Statuses = [JobStatus.Queued, JobStatus.Saved], Types = [bad.Replace("*a", "*?[a]", StringComparison.Ordinal)] }));
        Assert.Equal(0, await Client.ClearHistoryAsync([JobStatus.Cancelled], typePatterns: [bad]));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Finding_10_a_listing_leaves_out_large_data_only()
    {
        await Client.ScheduleAsync([.. Enumerable.Range(0, 20).Select(i => new JobRequest { Type = "a", Data = $"\"{new string('x', i < 15 ? 10_000 : 10)}\"" })]);
        async Task<List<ScheduledJob>> ReadAsync(bool oldestFirst)
        {
            var jobs = new List<ScheduledJob>();
            await foreach (var job in Client.QueryAsync(new JobQuery { OmitLargeData = true, OldestFirst = oldestFirst })) jobs.Add(job);
            return jobs;
        }

        foreach (var jobs in (List<ScheduledJob>[])[await ReadAsync(true), await ReadAsync(false)])
        {
            Assert.Equal(20, jobs.Count);
            Assert.All(jobs, job => Assert.Equal(job.DataIsOmitted, job.Data is null));
            Assert.InRange(jobs.TakeWhile(job => !job.DataIsOmitted).Sum(job => job.Data!.Length), 100_000, 128 << 10);
        }
        Assert.All(await Client.FindAsync([.. (await ReadAsync(true)).Select(job => job.Id)]), job => Assert.NotNull(job!.Data));
    }
}
