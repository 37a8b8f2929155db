using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>How long a job waits for a worker that has nothing else to do.</summary>
internal sealed class PickUpBenchmark : IBenchmark
{
    private const string P50 = "idle pick-up, p50";
    private const string P99 = "idle pick-up, p99";

    public string Name => "pickup";

    public string Definition => "From before the call that schedules a job to the first line of its handler, in one process whose worker is idle; the next job follows 10 ms after that";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        await Rounds.RunAsync(section, bench.Rounds, [.. new[] { all.Compiled, all.Script, all.BullMq, all.Graphile, all.Hangfire }.Select(contender => Case(bench, contender))]);
        foreach (var contender in new[] { all.Compiled, all.Script })
        {
            foreach (var what in new[] { P50, P99 })
                section.AtMost($"{what}, {contender.Name} over BullMQ's", section.Find(what, contender.Name)?.Median / section.Find(what, all.BullMq.Name)?.Median, 1, "×");
        }
    }

    private static Case Case(Workbench bench, Contender contender) => new(contender, async drivers =>
    {
        var driver = drivers[0];
        if (contender.Server is { } server) await server.ClearAsync();
        await driver.AskAsync(bench.Open(contender) with { Signals = true });
        await driver.AskAsync("start");
        await driver.AskAsync(new Request { Op = "pickUp", Count = 5 });
        var times = (await driver.AskAsync(new Request { Op = "pickUp", Count = bench.Of(300, 50) })).Microseconds!;
        await driver.AskAsync("stop");
        await driver.AskAsync("close");
        return
        [
            new Sample(P50, Statistics.Percentile(times, 0.5) / 1_000, "ms", LessIsBetter: true),
            new Sample(P99, Statistics.Percentile(times, 0.99) / 1_000, "ms", LessIsBetter: true),
        ];
    });
}
