using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>What a full store costs.</summary>
internal sealed class StoreSizeBenchmark : IBenchmark
{
    private const string Schedule = "schedule in bulk: Redis's part";
    private const string Run = "claim and finish: Redis's part";
    private const double MostRatio = 1.2;

    public string Name => "size";

    public string Definition => "The processor time of Redis a job, when jobs are scheduled in bulk and when they are claimed and finished, in an empty namespace and in one that holds 1,000,000 finished jobs and 1,000,000 scheduled for tomorrow (-Quick: 50,000 of each); compiled handlers";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var contender = bench.Contenders.Compiled;
        var (held, jobs) = (bench.Of(1_000_000, 50_000), bench.Of(40_000, 10_000));
        await bench.Redis.ClearAsync();
        var full = bench.Open(contender) with { Keep = 2 * held };
        await using (var driver = await Driver.StartAsync(contender.Launch))
        {
            await driver.AskAsync(full);
            for (var left = held; left > 0; left -= 50_000) await Throughput.RunAsync([driver], Math.Min(left, 50_000));
            for (var left = held; left > 0; left -= 50_000) await driver.AskAsync(new Request { Op = "schedule", Count = Math.Min(left, 50_000), Delay = 24 * 3600 });
        }
        await Rounds.RunAsync(section, bench.Rounds,
        [
            Case(bench, contender, () => bench.Open(contender), jobs) with { Who = "empty" },
            Case(bench, contender, () => full, jobs) with { Who = "full" },
        ]);
        await bench.Redis.ClearAsync();
        foreach (var what in new[] { Schedule, Run })
            section.AtMost($"{what}, full over empty", section.Find(what, "full")?.Median / section.Find(what, "empty")?.Median, MostRatio, "×");
    }

    private static Case Case(Workbench bench, Contender contender, Func<Request> open, int jobs) => new(contender, async drivers =>
    {
        var driver = drivers[0];
        await driver.AskAsync(open());
        var before = bench.Redis.ProcessorTime;
        await driver.AskAsync(new Request { Op = "schedule", Count = jobs });
        var scheduled = bench.Redis.ProcessorTime;
        await Throughput.RunAsync([driver], jobs, scheduled: true);
        var ran = bench.Redis.ProcessorTime;
        await driver.AskAsync("close");
        return
        [
            new Sample(Schedule, (scheduled - before).TotalMicroseconds / jobs, "µs", LessIsBetter: true),
            new Sample(Run, (ran - scheduled).TotalMicroseconds / jobs, "µs", LessIsBetter: true),
        ];
    });
}
