using System.Globalization;
using Jobs.Core;

namespace Jobs.Tests.Core;

/// <summary>What operations cost, in commands that Redis ran: on a server of its own, where nobody else's count.</summary>
public sealed class CostTests : StoreTest
{
    private readonly RedisProcess _redis = new();

    protected override string Configuration => _redis.Configuration;

    public override async ValueTask InitializeAsync()
    {
        await _redis.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _redis.Dispose();
    }

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

    private async Task<long> CommandsAsync()
    {
        var stats = (await Redis.ExecuteAsync("INFO", "stats")).ToString();
        return long.Parse(stats.Split("total_commands_processed:")[1].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
