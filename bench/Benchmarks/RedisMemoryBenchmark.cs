using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>What a job takes of Redis's memory.</summary>
internal sealed class RedisMemoryBenchmark : IBenchmark
{
    private const string Queued = "a queued job in Redis";
    private const string Finished = "a finished job in Redis";

    public string Name => "bytes";

    public string Definition => "used_memory of Redis over that before, a job: when all are scheduled, and when all have run and are kept. The data are a number";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        await Rounds.RunAsync(section, 1, [Case(bench, all.Compiled), Case(bench, all.BullMq)]);
        foreach (var what in new[] { Queued, Finished })
            section.AtMost($"{what}, ours over BullMQ's", section.Find(what, all.Compiled.Name)?.Ratio, 1, "×");
    }

    private static Case Case(Workbench bench, Contender contender) => new(contender, async drivers =>
    {
        var (driver, redis, jobs) = (drivers[0], bench.Redis, bench.Of(90_000, 20_000));
        await redis.ClearAsync();
        await driver.AskAsync(bench.Open(contender));
        var empty = await redis.MemoryAsync();
        await driver.AskAsync(new Request { Op = "schedule", Count = jobs });
        var queued = await redis.MemoryAsync();
        await Throughput.RunAsync([driver], jobs, scheduled: true);
        var finished = await redis.MemoryAsync();
        await driver.AskAsync("close");
        return
        [
            new Sample(Queued, (queued - empty) / jobs, "bytes", LessIsBetter: true),
            new Sample(Finished, (finished - empty) / jobs, "bytes", LessIsBetter: true),
        ];
    });
}
