using System.Text.RegularExpressions;
using Jobs.Core;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Tests.Core;

/// <summary>Users who may do less than all, on a Redis of the tests' own.</summary>
public sealed partial class RightsTests : IAsyncLifetime
{
    private readonly RedisProcess _redis = new();
    private JobStore _all = null!;
    private JobClient _client = null!;
    private IDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync();
        _all = await JobStore.ConnectAsync(new StoreOptions { Configuration = _redis.Configuration });
        _client = new JobClient(_all, new JobTypeRegistry());
        _database = _all.Connection.Redis.GetDatabase();
    }

    public async ValueTask DisposeAsync()
    {
        await _all.DisposeAsync();
        _redis.Dispose();
    }

    private async Task SetUserAsync(string rules) => await _database.ExecuteAsync("ACL", ["SETUSER", "limited", "reset", "on", ">secret", .. rules.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)]);

    private Task<JobStore> ConnectAsync() => JobStore.ConnectAsync(new StoreOptions { Configuration = _redis.Configuration, User = "limited", Password = "secret" });

    private static async Task DeniedAsync(Func<Task> action, params string[] words)
    {
        var error = await Assert.ThrowsAnyAsync<JobsException>(action);
        Assert.True(error.Error == JobsError.StorePermissionDenied, error.ToString());
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_16_A_schedule_of_one_who_may_not_publish_stores_nothing()
    {
        await SetUserAsync("~* &* +@all -publish");
        await using var store = await ConnectAsync();
        await DeniedAsync(() => new JobClient(store, new JobTypeRegistry()).ScheduleAsync(new JobRequest { Type = "a" }), "'limited'", "PUBLISH", "ACL SETUSER limited ~{jobs}:* &{jobs}:* +publish");
        Assert.Equal(0, await _client.CountAsync(new JobQuery()));
        Assert.Equal(["PUBLISH"], (await store.GetInfoAsync()).DeniedCommands);
    }

    [Fact]
    public async Task Finding_16_A_schedule_of_one_who_may_not_use_the_channels_stores_nothing()
    {
        await SetUserAsync("~* resetchannels &other:* +@all");
        await using var store = await ConnectAsync();
        await DeniedAsync(() => new JobClient(store, new JobTypeRegistry()).ScheduleAsync(new JobRequest { Type = "a" }), "channels {jobs}:*", "PUBLISH");
        Assert.Equal(0, await _client.CountAsync(new JobQuery()));
    }

    [Fact]
    public async Task Finding_16_A_removal_by_one_who_may_not_unlink_leaves_the_job_whole()
    {
        var job = await _client.ScheduleAsync(new JobRequest { Type = "a", UniqueKey = "k" });
        await SetUserAsync("~* &* +@all -unlink");
        await using var store = await ConnectAsync();
        var client = new JobClient(store, new JobTypeRegistry());
        await DeniedAsync(() => client.DestroyAsync(job.Id), "UNLINK", "+unlink");
        await DeniedAsync(() => client.ClearHistoryAsync([JobStatus.Finished]), "UNLINK");
        Assert.Equal(job.Id, (await _client.ScheduleAsync(new JobRequest { Type = "a", UniqueKey = "k" })).Id);
        Assert.Equal(JobStatus.Queued, (await client.GetAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Finding_16_One_who_may_not_write_can_list()
    {
        var job = await _client.ScheduleAsync(new JobRequest { Type = "a" });
        await SetUserAsync("~* &* +@read +@connection +@scripting +time");
        await using var store = await ConnectAsync();
        var client = new JobClient(store, new JobTypeRegistry());
        Assert.Equal(1, await client.CountAsync(new JobQuery()));
        Assert.Equal(job.Id, (await client.GetAsync(job.Id)).Id);
        await DeniedAsync(() => client.ScheduleAsync(new JobRequest { Type = "a" }), "HSET");
        await DeniedAsync(() => client.CancelAsync(job.Id), "HSET");
    }

    [Fact]
    public async Task Finding_16_A_pool_of_one_who_may_not_do_all_that_it_takes_does_not_start()
    {
        var job = await _client.ScheduleAsync(new JobRequest { Type = "a" });
        var types = new JobTypeRegistry();
        types.Register(new JobType { Name = "a", Handler = (_, _) => Task.FromResult<JobOutput?>(null) });
        foreach (var missing in (string[])["zrem", "subscribe", "publish"])
        {
            await SetUserAsync("~* &* +@all -" + missing);
            await using var store = await ConnectAsync();
            await using var pool = new JobPool(store, types);
            await DeniedAsync(() => pool.StartAsync(), missing.ToUpperInvariant());
        }
        Assert.Empty(await _client.GetPoolsAsync());
        Assert.Equal(JobStatus.Queued, (await _client.GetAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Finding_16_What_is_granted_counts_at_once_and_what_is_taken_away_is_told()
    {
        await SetUserAsync("~* &* +@all -publish");
        await using var store = await ConnectAsync();
        var client = new JobClient(store, new JobTypeRegistry());
        await DeniedAsync(() => client.ScheduleAsync(new JobRequest { Type = "a" }), "PUBLISH");
        await _database.ExecuteAsync("ACL", "SETUSER", "limited", "+publish");
        await client.ScheduleAsync(new JobRequest { Type = "a" });
        await _database.ExecuteAsync("ACL", "SETUSER", "limited", "-hset");
        await DeniedAsync(() => client.ScheduleAsync(new JobRequest { Type = "a" }));
        await DeniedAsync(() => client.ScheduleAsync(new JobRequest { Type = "a" }), "HSET", "Nothing was changed");
    }

    [Theory]
    [InlineData("~* &* +@all -evalsha", "+evalsha")]
    [InlineData("~other:* &* +@all", "~{jobs}:*")]
    public async Task Finding_16_One_who_may_not_run_scripts_here_is_told_which_rule_lets_him(string rules, string word)
    {
        await SetUserAsync(rules);
        await DeniedAsync(ConnectAsync, "'limited'", word);
    }

    [Fact]
    public async Task Finding_16_The_rule_in_the_guarantees_is_all_that_jobs_take()
    {
        var rule = RulePattern().Match(await File.ReadAllTextAsync(Path.Combine(Jobs.Tests.PowerShell.ContractTests.Root(), "docs/guarantees.md"))).Groups[1].Value;
        foreach (var command in StoreRights.Asked) Assert.Matches($@"\+{((string)command!).ToLowerInvariant()}\s", rule);

        await SetUserAsync(rule.Replace(">password", "", StringComparison.Ordinal));
        await using var store = await ConnectAsync();
        Assert.Empty((await store.GetInfoAsync()).DeniedCommands);
        var types = new JobTypeRegistry();
        types.Register(new JobType { Name = "a", Handler = (_, _) => Task.FromResult<JobOutput?>(null) });
        var client = new JobClient(store, types);
        var job = await client.ScheduleAsync(new JobRequest { Type = "a" });
        await using var pool = new JobPool(store, types, new PoolOptions { UntilEmpty = true });
        await pool.StartAsync();
        await pool.Completion;
        Assert.Equal(JobStatus.Finished, (await client.GetAsync(job.Id)).Status);
        Assert.True(await client.DestroyAsync(job.Id));
    }

    [GeneratedRegex(@"^ACL SETUSER jobs on (.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex RulePattern();
}
