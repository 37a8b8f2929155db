using System.Collections.Concurrent;
using System.Globalization;
using Jobs.Core;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Tests.Core;

/// <summary>Which pools hear of work. They poll once a minute, if at all: what is done in these tests was told. On a server of its own, where claims are counted.</summary>
public sealed class WakeTests : OwnServerTest
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly PoolOptions Sleeper = new() { Workers = 1, BatchSize = 0, PollInterval = Minute };

    [Fact]
    public Task Finding_36_A_job_wakes_one_of_fifty_idle_pools() => CountAsync(pools: 50, jobs: 100);

    [Trait("Category", "Chaos")]
    [Fact(Skip = "200 connections: ./build.sh Chaos", SkipWhen = nameof(IsQuick))]
    public Task Finding_36_A_job_wakes_one_of_two_hundred_idle_pools() => CountAsync(pools: 200, jobs: 1000);

    public static bool IsQuick => Environment.GetEnvironmentVariable("JOBS_CHAOS") != "1";

    private async Task CountAsync(int pools, int jobs)
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        // As on as many machines: each has a connection of its own.
        await Parallel.ForAsync(0, pools, async (_, _) => await StartPoolAsync(Sleeper, await ConnectAsync()));
        await WaitForIdleAsync(pools);
        var before = await ClaimsAsync();
        for (var i = 1; i <= jobs; i++)
        {
            await ScheduleAsync("a");
            await Wait.UntilAsync(() => ran == i);
        }
        Assert.InRange(await ClaimsAsync() - before, jobs, jobs * 3);

        // Of many at once, as many as there are.
        before = await ClaimsAsync();
        await Client.ScheduleAsync([.. Enumerable.Range(0, 10).Select(_ => new JobRequest { Type = "a" })]);
        await Wait.UntilAsync(() => ran == jobs + 10);
        await WaitForIdleAsync(pools);
        Assert.InRange(await ClaimsAsync() - before, 10, 30);
    }

    [Fact]
    public async Task Finding_36_A_job_that_gets_due_or_is_retried_is_looked_for_by_few_pools_and_in_time()
    {
        const int Pools = 30, Jobs = 10;
        var late = new ConcurrentBag<TimeSpan>();
        Register("a", run =>
        {
            late.Add(run.Job.Started!.Value - run.Job.Due!.Value);
            if (run.Job.RetriesLeft > 0) throw new InvalidOperationException("again");
        }, new JobDefaults { Retries = 1, RetryDelay = TimeSpan.FromMilliseconds(300) });
        for (var i = 0; i < Pools; i++) await StartPoolAsync(Sleeper);
        await WaitForIdleAsync(Pools);
        var before = await ClaimsAsync();
        for (var i = 0; i < Jobs; i++) await ScheduleAsync("a", request => request with { In = TimeSpan.FromMilliseconds(500 + 40 * i) });
        await Wait.UntilAsync(() => late.Count == 2 * Jobs);
        // One looks and moves it to its lane, and may wake another for it.
        Assert.InRange(await ClaimsAsync() - before, Jobs, 2 * Jobs * 4);
        Assert.InRange(late.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Finding_36_A_full_pool_that_watches_a_time_wakes_another_for_what_is_due()
    {
        var gate = new TaskCompletionSource();
        Register("long", (_, _) => gate.Task);
        Register("a");
        var full = await StartPoolAsync(Sleeper with { Types = ["long", "a"] });
        await WaitForIdleAsync(1);
        var due = await ScheduleAsync("a", request => request with { In = TimeSpan.FromSeconds(1.5) });
        await ScheduleAsync("long");
        await Wait.UntilAsync(() => full.Info.Busy == 1);
        await StartPoolAsync(Sleeper with { Types = ["a"] });
        await WaitForAsync(due.Id, JobStatus.Finished);
        Assert.Equal(1, full.Info.Busy);
        gate.SetResult();
    }

    [Fact]
    public async Task Finding_36_A_watch_goes_over_to_another_pool_when_its_own_ends()
    {
        Register("a");
        var first = await StartPoolAsync(Sleeper);
        await WaitForIdleAsync(1);
        var due = await ScheduleAsync("a", request => request with { In = TimeSpan.FromSeconds(2) });
        await StartPoolAsync(Sleeper);
        await WaitForIdleAsync(2);
        await first.StopAsync();
        await WaitForAsync(due.Id, JobStatus.Finished);
        await WaitForIdleAsync(1);

        // One that comes and goes leaves nothing.
        for (var i = 0; i < 5; i++) await RunUntilEmptyAsync();
        await WaitForIdleAsync(1);
    }

    [Fact]
    public async Task Finding_36_Room_under_a_limit_wakes_as_many_pools_as_there_is_room_for()
    {
        const int Pools = 20, Jobs = 40;
        var ran = 0;
        Register("few", (_, _) => Task.FromResult(Interlocked.Increment(ref ran)), maxConcurrency: 2);
        for (var i = 0; i < Pools; i++) await StartPoolAsync(Sleeper with { Queues = i % 2 == 0 ? ["default"] : ["other"] });
        await WaitForIdleAsync(Pools);
        var before = await ClaimsAsync();
        await Client.ScheduleAsync([.. Enumerable.Range(0, Jobs).Select(i => new JobRequest { Type = "few", Queue = i % 2 == 0 ? "default" : "other" })]);
        await Wait.UntilAsync(() => ran == Jobs);
        Assert.InRange(await ClaimsAsync() - before, Jobs, Jobs * 5);
    }

    [Fact]
    public async Task Finding_36_The_end_of_a_rate_limit_is_watched_by_few_pools()
    {
        const int Pools = 20, Jobs = 40;
        var ran = 0;
        Types.Register(new JobType
        {
            Name = "mail",
            RateLimit = new RateLimit(10, TimeSpan.FromMilliseconds(500)),
            Handler = (_, _) =>
            {
                Interlocked.Increment(ref ran);
                return Task.FromResult<JobOutput?>(null);
            },
        });
        for (var i = 0; i < Pools; i++) await StartPoolAsync(Sleeper);
        await WaitForIdleAsync(Pools);
        var before = await ClaimsAsync();
        await Client.ScheduleAsync([.. Enumerable.Range(0, Jobs).Select(_ => new JobRequest { Type = "mail" })]);
        await Wait.UntilAsync(() => ran == Jobs);
        Assert.InRange(await ClaimsAsync() - before, Jobs, Jobs * 5);
    }

    [Fact]
    public async Task Finding_36_Pools_of_other_types_and_queues_hear_of_what_they_serve_only()
    {
        var ran = new ConcurrentDictionary<string, int>();
        foreach (var type in (string[])["a", "b", "c"]) Register(type, run => ran.AddOrUpdate($"{run.Job.Type} {run.Job.Queue}", 1, (_, n) => n + 1));
        string[][] types = [["a"], ["b"], ["a", "b"], ["c"]];
        foreach (var some in types)
        {
            await StartPoolAsync(Sleeper with { Types = some, Workers = 2 });
            await StartPoolAsync(Sleeper with { Types = some, Queues = ["slow", "default"] });
        }
        await StartPoolAsync(Sleeper with { Types = ["c"], Queues = ["only"] });
        await WaitForIdleAsync(9);
        var before = await ClaimsAsync();
        (string Type, string Queue)[] kinds = [("a", "default"), ("a", "slow"), ("b", "default"), ("b", "slow"), ("c", "default"), ("c", "only")];
        for (var i = 1; i <= 5; i++)
        {
            await Client.ScheduleAsync([.. kinds.Select(kind => new JobRequest { Type = kind.Type, Queue = kind.Queue })]);
            await Wait.UntilAsync(() => kinds.All(kind => ran.GetValueOrDefault($"{kind.Type} {kind.Queue}") == i));
        }
        Assert.InRange(await ClaimsAsync() - before, 1, 5 * kinds.Length * 4);
        // A type that goes on, and one that nobody serves.
        await Client.SetTypePausedAsync("a", paused: true);
        await ScheduleAsync("a");
        await ScheduleAsync("nobody");
        await Client.SetTypePausedAsync("a", paused: false);
        await Wait.UntilAsync(() => ran["a default"] == 6);
    }

    [Fact]
    public async Task Finding_36_A_pool_that_has_died_is_passed_over_and_one_that_does_not_answer_delays_one_job_by_a_poll_at_most()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        await MakeIdleAsync("dead");
        await MakeIdleAsync("deader");
        await StartPoolAsync(Sleeper);
        await WaitForIdleAsync(3);
        await ScheduleAsync("a");
        await Wait.UntilAsync(() => ran == 1);
        await WaitForIdleAsync(1);

        // It listens, and does nothing: the wake is lost.
        var words = await Redis.Multiplexer.GetSubscriber().SubscribeAsync(Store.Connection.Keys.WakeChannelOf("frozen"));
        await StartPoolAsync(Sleeper with { PollInterval = TimeSpan.FromSeconds(1) });
        await MakeIdleAsync("frozen", since: 1);
        await ScheduleAsync("a");
        Assert.Equal("default:a", await words.ReadAsync(TestContext.Current.CancellationToken) is var word ? (string?)word.Message : null);
        await Wait.UntilAsync(() => ran == 2);
        await ScheduleAsync("a");
        await Wait.UntilAsync(() => ran == 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Finding_36_A_pool_that_has_no_room_for_what_it_was_chosen_for_passes_it_on(int room)
    {
        Register("a");
        var words = await Redis.Multiplexer.GetSubscriber().SubscribeAsync(Store.Connection.Keys.WakeChannelOf("chosen"));
        var lanes = Store.Connection.Keys.WithLanes(["fast", "default"], ["a"]);
        await Store.Connection.SendAsync(Scripts.PopNextJobs, lanes, [1, "chosen", "elsewhere", 30_000, 1, 1 << 20, "", "a"]);
        await StartPoolAsync(Sleeper);
        await WaitForIdleAsync(2);
        var job = await ScheduleAsync("a");
        Assert.Equal("default:a", (string?)(await words.ReadAsync(TestContext.Current.CancellationToken)).Message);
        // Before it comes, something else takes its room.
        await ScheduleAsync("a", request => request with { Queue = "fast" });
        await Store.Connection.SendAsync(Scripts.PopNextJobs, lanes, [2, "chosen", "elsewhere", 30_000, room, 1 << 20, "default:a", "a"]);
        await WaitForAsync(job.Id, JobStatus.Finished);
    }

    [Fact]
    public async Task Finding_36_A_pool_that_stops_is_not_chosen_while_its_last_jobs_run()
    {
        var gate = new TaskCompletionSource();
        Register("long", (_, _) => gate.Task);
        Register("a");
        var first = await StartPoolAsync(Sleeper with { Workers = 2, Types = ["long", "a"], ShutdownTimeout = Timeout.InfiniteTimeSpan });
        await ScheduleAsync("long");
        await Wait.UntilAsync(() => first.Info.Busy == 1);
        await WaitForIdleAsync(1);
        await StartPoolAsync(Sleeper with { Types = ["a"] });
        await WaitForIdleAsync(2);
        var stopping = first.StopAsync();
        await Wait.UntilAsync(async () => (long)(await Redis.ExecuteAsync("PUBSUB", "NUMSUB", $"{{{Namespace}}}:wake:{first.Id}"))[1] == 0, "it hears no more");
        await WaitForAsync((await ScheduleAsync("a")).Id, JobStatus.Finished);
        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        await stopping;
    }

    [Fact]
    public async Task Finding_36_Who_publishes_work_to_all_wakes_all_that_serve_it()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        await StartPoolAsync(Sleeper);
        await WaitForIdleAsync(1);
        foreach (var key in await IdleKeysAsync()) await Redis.KeyDeleteAsync(key);
        await ScheduleAsync("a");
        await Redis.Multiplexer.GetSubscriber().PublishAsync(RedisChannel.Literal($"{{{Namespace}}}:wake"), "default:other");
        Assert.Equal(0, ran);
        await Redis.Multiplexer.GetSubscriber().PublishAsync(RedisChannel.Literal($"{{{Namespace}}}:wake"), "default:a");
        await Wait.UntilAsync(() => ran == 1);
    }

    [Fact]
    public async Task Finding_36_After_a_restart_that_lost_everything_pools_are_known_again_by_their_next_poll()
    {
        var ran = 0;
        Register("a", _ => Interlocked.Increment(ref ran));
        for (var i = 0; i < 3; i++) await StartPoolAsync(Sleeper with { PollInterval = TimeSpan.FromSeconds(1) });
        await WaitForIdleAsync(3);
        Server.Kill();
        await Server.StartAsync();
        await WaitForIdleAsync(3);
        await ScheduleAsync("a");
        await Wait.UntilAsync(() => ran == 1);
    }

    private async Task<JobStore> ConnectAsync() => Own(await JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace }));

    /// <summary>What a pool leaves that finds nothing to do.</summary>
    private async Task MakeIdleAsync(string pool, double? since = null)
    {
        var keys = Store.Connection.Keys.WithLanes(["default"], ["a"]);
        await Store.Connection.SendAsync(Scripts.PopNextJobs, keys, [1, pool, "elsewhere", 30_000, 1, 1 << 20, "", "a"]);
        if (since is { } score) await Redis.SortedSetAddAsync(keys[Store.Connection.Keys.Fixed.Length], pool, score);
    }

    private async Task<RedisKey[]> IdleKeysAsync() => [.. ((RedisKey[])(await Redis.ExecuteAsync("KEYS", $"{{{Namespace}}}:idle:*"))!)];

    private Task WaitForIdleAsync(int pools) => Wait.UntilAsync(async () =>
    {
        try
        {
            var idle = 0L;
            foreach (var key in await IdleKeysAsync()) idle += await Redis.SortedSetLengthAsync(key) - 1;
            return idle == pools;
        }
        catch (RedisException)
        {
            return false;
        }
    }, $"{pools} pools are idle");

    /// <summary>Each claim that wants a job looks once which of its lanes are in use.</summary>
    private async Task<long> ClaimsAsync()
    {
        var stats = (await Redis.ExecuteAsync("INFO", "commandstats")).ToString();
        return long.Parse(stats.Split("cmdstat_smismember:calls=")[1].Split(',')[0], CultureInfo.InvariantCulture);
    }
}
