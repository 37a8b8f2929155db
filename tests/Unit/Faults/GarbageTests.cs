using System.Globalization;
using Jobs.Core;
using StackExchange.Redis;

namespace Jobs.Tests.Faults;

/// <summary>
/// Garbage is written into a namespace under a running pool and listings, by plain commands, at random. The jobs beside it all finish, the pool stays
/// alive and listings answer. A failure names the seed that repeats it (JOBS_GARBAGE_SEED).
/// </summary>
public sealed class GarbageTests(RedisFixture redis) : StoreTest(redis)
{
    private static readonly string[] Statuses = ["saved", "scheduled", "queued", "executing", "finished", "failed", "cancelled"];

    private static readonly string[] Fields =
    [
        "state", "job", "status", "type", "queue", "priority", "seq", "params", "created", "time", "started", "ended", "flags", "fence", "base", "retries", "retried", "retryDelay",
        "backoff", "maxDelay", "timeout", "error", "reason", "freq", "cron", "tz", "missed", "slot", "putOff", "pool", "progress", "unique",
        "after", "afterAny", "waits", "crashes", "resched", "logged", "data",
    ];

    private static readonly string[] Values =
    [
        "", "0", "-1", "1", "3", "abc", "nan", "inf", "-inf", "1e300", "9000000000000000000", "9223372036854775807", "99999999999999999999", "0x10", "1.5", " 7", "null",
        "{}", "[", "{\"message\":1}", "queued", "executing", "finished", "a", "default", "* * * * *", "61 * * * *", "Europe/Nowhere", "Fixed", "RunAll", "a b c", "%s%n", "\0\u0001\u001b[31m", "ü…😀",
        new('x', 3000),
    ];

    public static bool IsOff => Environment.GetEnvironmentVariable("JOBS_CHAOS") != "1";

    [Fact]
    public Task Finding_28_whatever_is_written_into_the_store_good_jobs_finish_and_listings_answer() => WriteAsync(400);

    [Fact(Skip = "Takes minutes: ./build.sh Chaos", SkipWhen = nameof(IsOff))]
    [Trait("Category", "Chaos")]
    public Task Finding_28_whatever_is_written_into_the_store_good_jobs_finish_and_listings_answer_ten_thousand_times() => WriteAsync(10_000);

    private async Task WriteAsync(int cases)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("JOBS_GARBAGE_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount & int.MaxValue;
        TestContext.Current.TestOutputHelper?.WriteLine($"JOBS_GARBAGE_SEED={seed}");
        var random = new Random(seed);
        string Any(IReadOnlyList<string> list) => list[random.Next(list.Count)];

        foreach (var type in (string[])["a", "b"]) Register(type, run => run.Log(JobLogLevel.Warning, "seen"), new JobDefaults { RetryDelay = TimeSpan.Zero });
        var pool = await StartPoolAsync(new PoolOptions { Workers = 4, StaleTimeout = TimeSpan.FromSeconds(1), PollInterval = TimeSpan.FromMilliseconds(200) });
        for (int written = 0, some = 0; written < cases; written += some)
        {
            some = Math.Min(50, cases - written);
            var bad = await Client.ScheduleAsync([.. Enumerable.Range(0, some).Select(i => new JobRequest
            {
                Type = Any(["a", "b"]),
                In = TimeSpan.FromMilliseconds(random.Next(3) * 100),
                Hold = random.Next(8) == 0,
                Retries = random.Next(2),
                Every = random.Next(6) == 0 ? TimeSpan.FromHours(1) : null,
            })]);
            foreach (var job in bad) await SpoilAsync(job.Id, random, Any);
            var good = await Client.ScheduleAsync([.. Enumerable.Range(0, 5).Select(i => new JobRequest { Type = i % 2 == 0 ? "a" : "b", Priority = random.Next(5) })]);
            foreach (var job in good) await WaitForAsync(job.Id, JobStatus.Finished);
            await LookAsync(bad);
            foreach (var job in bad) await Client.DestroyAsync(job.Id, force: true);
            Assert.True(pool.Info.Status == PoolStatus.Running, $"the pool is {pool.Info.Status} after {written + some} cases, JOBS_GARBAGE_SEED={seed}: {pool.Completion.Exception?.InnerException?.Message}");
        }
        await pool.StopAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
    }

    /// <summary>One case: a field, a key or an entry somewhere becomes something else.</summary>
    private async Task SpoilAsync(string id, Random random, Func<IReadOnlyList<string>, string> any)
    {
        var field = any(Fields);
        switch (random.Next(11))
        {
            case 0:
                await PackedAsync(id, field, null);
                break;
            case 1:
                await OtherKindAsync($"job:{id}", random);
                break;
            case 2:
                await OtherKindAsync($"{any(["log", "output", "runs", "children"])}:{id}", random);
                break;
            case 3:
                await Redis.SortedSetAddAsync(Key(any(["jobs", "saved", "scheduled", "executing", "finished", "failed", "cancelled"])), random.Next(2) == 0 ? id : any(Values), random.Next(3) switch { 0 => 1, 1 => double.PositiveInfinity, _ => 1e14 });
                break;
            case 4:
                await Redis.SortedSetAddAsync(Key($"queued:default:{any(["a", "b"])}"), any(Values), -random.Next());
                break;
            case 5:
                await Redis.HashSetAsync(Key("counts"), $"{any(Statuses)}:{any(["a", "b", "", "c d"])}", any(Values));
                break;
            case 6:
                // Its pause is no garbage but a user's wish.
                await Redis.HashSetAsync(Key($"type:{any(["a", "b"])}"), any(["retries", "retryDelay", "backoff", "maxDelay", "priority", "finished", "failed", "timeout"]), any(Values));
                await Redis.SetAddAsync(Key("types"), any(Values));
                break;
            case 7:
                await Redis.SetAddAsync(Key("lanes"), any(Values));
                await OtherKindAsync($"queued:{any(Values)}", random);
                break;
            case 8:
                var other = $"pool-{random.Next(5)}";
                await Redis.SortedSetAddAsync(Key("pools"), other, random.Next(2) == 0 ? 1 : 1e14);
                if (random.Next(3) == 0) await OtherKindAsync($"pool:{other}", random);
                else if (await Redis.KeyTypeAsync(Key($"pool:{other}")) is RedisType.Hash or RedisType.None) await Redis.HashSetAsync(Key($"pool:{other}"), any(["heartbeat", "lease", "workers", "status", "started", "claim", "stop", "pid"]), any(Values));
                break;
            case 9:
                await OtherKindAsync(any(["settling", "settler", "watch:scheduled", "watch:rate:a"]), random);
                break;
            default:
                await PackedAsync(id, field, any(Values));
                break;
        }
    }

    private async Task PackedAsync(string id, string field, string? value)
    {
        if (await Redis.KeyTypeAsync(Key($"job:{id}")) is RedisType.Hash or RedisType.None) Packed.Set(Redis, Key($"job:{id}"), field, value);
    }

    private async Task OtherKindAsync(string key, Random random)
    {
        // In one step: a run may write its log meanwhile.
        if (random.Next(2) == 0)
        {
            await Redis.StringSetAsync(Key(key), "x");
            return;
        }
        await Redis.SetAddAsync(Key("spoiled"), "x");
        await Redis.KeyRenameAsync(Key("spoiled"), Key(key));
    }

    /// <summary>Everything that reads, and what users ask of jobs.</summary>
    private async Task LookAsync(IReadOnlyList<ScheduledJob> bad)
    {
        await Client.CountAsync(new JobQuery());
        foreach (var statuses in (JobStatus[][])[[], [JobStatus.Queued], [JobStatus.Executing, JobStatus.Failed, JobStatus.Finished, JobStatus.Saved, JobStatus.Scheduled, JobStatus.Cancelled]])
        {
            await foreach (var _ in Client.QueryAsync(new JobQuery { Statuses = statuses, First = 100 })) { }
        }
        await Client.SummarizeAsync();
        await Client.GetTypesAsync();
        await Client.GetPoolsAsync();
        await Client.FindAsync([.. bad.Select(job => job.Id)]);
        Func<string, Task>[] asks = [id => Client.CancelAsync(id), id => Client.RestartAsync(id), id => Client.HoldAsync(id), id => Client.ResumeAsync(id), id => Client.UpdateAsync(id, new JobChange { Priority = 1, In = TimeSpan.Zero }), id => Client.GetLogAsync(id), id => Client.GetRunsAsync(id), id => Client.GetOutputAsync(id)];
        foreach (var job in bad.Take(8))
        {
            foreach (var ask in asks)
            {
                try
                {
                    await ask(job.Id);
                }
                catch (JobsException e) when (e.Error is JobsError.JobNotFound or JobsError.JobEnded or JobsError.JobNotEnded or JobsError.JobExists)
                {
                    // an answer
                }
            }
        }
    }
}
