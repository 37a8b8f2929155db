using System.Globalization;
using Jobs.Core;

namespace Jobs.Tests.Core;

/// <summary>What operations cost, in commands that Redis ran: on a server of its own, where nobody else's count.</summary>
public sealed class CostTests : OwnServerTest
{
    [Fact]
    public async Task Lesson_2_scheduling_claiming_and_finishing_cost_the_same_whatever_is_stored()
    {
        Register("a");
        async Task<long> CommandsOfAJobAsync()
        {
            var before = await CommandsAsync();
            await ScheduleAsync("a");
            await RunUntilEmptyAsync(new PoolOptions { Workers = 1, BatchSize = 0 });
            return await CommandsAsync() - before;
        }

        await CommandsOfAJobAsync();
        var empty = await CommandsOfAJobAsync();
        await Client.ScheduleAsync([.. Enumerable.Range(0, 5000).Select(_ => new JobRequest { Type = "a", In = TimeSpan.FromDays(1) })]);
        await Client.ScheduleAsync([.. Enumerable.Range(0, 5000).Select(_ => new JobRequest { Type = "a" })]);
        await RunUntilEmptyAsync();
        var full = await CommandsOfAJobAsync();
        // Heartbeats and polls may fall into either; one more of each is some twenty commands.
        Assert.InRange(full, empty - 40, empty + 40);
    }

    [Fact]
    public async Task An_idle_pool_costs_a_few_commands_a_second()
    {
        Register("a");
        await StartPoolAsync();
        await RunUntilEmptyAsync();
        var before = await CommandsAsync();
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.InRange((await CommandsAsync() - before) / 4.0, 0, 8);
    }

    [Fact]
    public async Task Finding_10_a_listing_carries_no_large_data()
    {
        const int Jobs = 40;
        var data = $"\"{new string('x', Validate.MaxDataBytes - 2)}\"";
        for (var i = 0; i < Jobs; i++) await ScheduleAsync("a", request => request with { Data = data });
        var before = await BytesAsync();
        var ids = new List<string>();
        await foreach (var job in Client.QueryAsync(new JobQuery { OmitLargeData = true })) ids.Add(job.Id);
        Assert.Equal(Jobs, ids.Count);
        Assert.InRange(await BytesAsync() - before, 0, 100_000);

        // One is asked for, and one comes.
        before = await BytesAsync();
        await foreach (var job in Client.QueryAsync(new JobQuery { First = 1 })) Assert.Equal(data, job.Data);
        Assert.InRange(await BytesAsync() - before, 0, data.Length + 10_000);

        // All are asked for, and no call carries more than it can.
        Assert.InRange((await Client.FindFirstAsync(ids, 4 << 20, TestContext.Current.CancellationToken)).Count, 4, 5);
        Assert.All(await Client.FindAsync(ids), job => Assert.Equal(data, job!.Data));
    }

    [Fact]
    public async Task Many_jobs_are_changed_by_few_calls()
    {
        var ids = (await Client.ScheduleAsync([.. Enumerable.Range(0, 1000).Select(_ => new JobRequest { Type = "a" })])).Select(job => job.Id).ToList();
        var before = await CallsAsync();
        await Client.HoldAsync(ids);
        await Client.ResumeAsync(ids);
        await Client.UpdateAsync(ids, new JobChange { Priority = 7, Cron = "0 3 * * *" });
        await Client.CancelAsync(ids);
        await Client.RestartAsync(ids);
        await Client.DestroyAsync(ids);
        Assert.InRange(await CallsAsync() - before, 6, 30);
        Assert.Equal(0, await Client.CountAsync(new JobQuery()));
    }

    private Task<long> CommandsAsync() => StatAsync("stats", "total_commands_processed:");

    private Task<long> BytesAsync() => StatAsync("stats", "total_net_output_bytes:");

    private Task<long> CallsAsync() => StatAsync("commandstats", "cmdstat_evalsha:calls=");

    private async Task<long> StatAsync(string section, string name)
    {
        var stats = (await Redis.ExecuteAsync("INFO", section)).ToString();
        return long.Parse(stats.Split(name)[1].Split('\r', ',')[0], CultureInfo.InvariantCulture);
    }
}
