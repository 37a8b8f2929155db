using System.Diagnostics;
using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>A pool that never has a pause.</summary>
internal sealed class SoakBenchmark : IBenchmark
{
    private const int Batch = 5_000;
    private const int Cap = 20_000;

    public string Name => "soak";

    public string Definition => $"One pool of 2 script-block workers for ten minutes (-Quick one), with a history of {Cap:N0} that is full from the start, fed by another process so that it always has work: runs a second in the first and in the last minute (-Quick ten seconds), and the memory of Redis and of the pool's process at the end of each";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var script = bench.Contenders.Script;
        if (script.Missing is { } missing)
        {
            section.Note($"{script.Name}: skipped, {missing}");
            return;
        }
        var (length, window) = (TimeSpan.FromSeconds(bench.Of(600, 60)), TimeSpan.FromSeconds(bench.Of(60, 10)));
        await bench.Redis.ClearAsync();
        var open = bench.Open(script) with { Keep = Cap };
        await using var feeder = await Driver.StartAsync(bench.Contenders.Compiled.Launch);
        await using var pool = await Driver.StartAsync(script.Launch);
        await feeder.AskAsync(open);
        await pool.AskAsync(open);
        await feeder.AskAsync(new Request { Op = "schedule", Count = Cap + (2 * Batch) });
        await pool.AskAsync("start");
        await Throughput.EndedAsync([pool], Cap);

        long scheduled = Cap + (2 * Batch);
        var start = Stopwatch.GetTimestamp();
        var first = await RunUntilAsync(window);
        await RunUntilAsync(length - window);
        var last = await RunUntilAsync(length);
        await pool.AskAsync("stop");

        foreach (var (when, taken) in new[] { ("first", first), ("last", last) })
        {
            section.Add(script.Name, new Sample($"soak, {when} {window.TotalSeconds:0} s: runs", taken.Rate, "/s"));
            section.Add(script.Name, new Sample($"soak, {when} {window.TotalSeconds:0} s: memory of Redis", taken.Redis / 1e6, "MB", LessIsBetter: true));
            section.Add(script.Name, new Sample($"soak, {when} {window.TotalSeconds:0} s: memory of the pool", taken.Pool / 1e6, "MB", LessIsBetter: true));
        }
        section.AtLeast("soak, last over first: runs", last.Rate / first.Rate, 0.95, "×");
        section.AtMost("soak, last over first: memory of Redis", last.Redis / first.Redis, 1.05, "×");
        section.AtMost("soak, last over first: memory of the pool", (double)last.Pool / first.Pool, 1.05, "×");

        async Task<(double Rate, double Redis, long Pool)> RunUntilAsync(TimeSpan end)
        {
            var (before, begun) = ((await pool.AskAsync("ended")).Count, Stopwatch.GetTimestamp());
            long ended;
            do
            {
                await Task.Delay(50);
                ended = (await pool.AskAsync("ended")).Count;
                for (; scheduled - ended < 2 * Batch; scheduled += Batch) await feeder.AskAsync(new Request { Op = "schedule", Count = Batch });
            }
            while (Stopwatch.GetElapsedTime(start) < end);
            var rate = (ended - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            await pool.AskAsync("collect");
            return (rate, await bench.Redis.MemoryAsync(), pool.Memory);
        }
    }
}
