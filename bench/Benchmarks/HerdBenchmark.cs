using System.Diagnostics;
using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>How many pools one job wakes.</summary>
internal sealed class HerdBenchmark : IBenchmark
{
    private const int Pools = 200;

    public string Name => "herd";

    public string Definition => $"{Pools} idle pools, each with a connection of its own; 1,000 jobs (-Quick 100) are scheduled, each when the one before it has begun. Claims a job: the EVALSHA calls in Redis's commandstats, less those that the idle pools make anyway, less one that schedules and one that finishes";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var contender = bench.Contenders.Compiled;
        var (redis, jobs) = (bench.Redis, bench.Of(1_000, 100));
        await redis.ClearAsync();
        await using var driver = await Driver.StartAsync(contender.Launch);
        await driver.AskAsync(bench.Open(contender) with { Pools = Pools, Workers = 1 });
        await driver.AskAsync("start");
        await driver.AskAsync(new Request { Op = "pickUp", Count = 10 });

        var idle = await RateAsync(TimeSpan.FromSeconds(bench.Of(15, 5)));
        var (before, busy, start) = (await redis.CallsAsync("evalsha"), redis.ProcessorTime, Stopwatch.GetTimestamp());
        await driver.AskAsync(new Request { Op = "pickUp", Count = jobs });
        var time = Stopwatch.GetElapsedTime(start);
        var calls = await redis.CallsAsync("evalsha") - before - (idle * time.TotalSeconds);
        var claims = (calls / jobs) - 2;
        section.Add(contender.Name, new Sample($"claims a job, {Pools} idle pools", claims, "", Server: (redis.ProcessorTime - busy).TotalMicroseconds / jobs, LessIsBetter: true));
        section.Add(contender.Name, new Sample($"script calls of {Pools} idle pools", idle, "/s", LessIsBetter: true));
        section.AtMost($"claims a job, {Pools} idle pools", claims, 5, "");
        await driver.AskAsync("stop");

        async Task<double> RateAsync(TimeSpan span)
        {
            var (from, begun) = (await redis.CallsAsync("evalsha"), Stopwatch.GetTimestamp());
            await Task.Delay(span);
            return (await redis.CallsAsync("evalsha") - from) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }
    }
}
