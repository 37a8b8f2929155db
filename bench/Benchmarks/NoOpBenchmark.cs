using Jobs.Bench.Harness;

namespace Jobs.Bench.Benchmarks;

/// <summary>Handlers that do nothing, against everyone.</summary>
internal sealed class NoOpBenchmark : IBenchmark
{
    private const string What = "no-op handler";

    public string Name => "noop";

    public string Definition => "Jobs whose handler does nothing, each with a number as its data, all scheduled before the workers start; from when a tenth of the handlers have ended until all have. One process. BullMQ also with removeOnComplete, its way to keep nothing";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        var cases = all.All.Select(contender => Case(bench, contender, keep: -1)).ToList();
        cases.Insert(3, Case(bench, all.BullMq, keep: 0) with { Who = "BullMQ, removing" });
        await Rounds.RunAsync(section, bench.Rounds, cases);
        section.AtLeast("no-op, compiled over the best peer", section.Find(What, all.Compiled.Name)?.Ratio, 3, "×");
        section.AtLeast($"no-op, {all.Script.Name} over the best peer", section.Find(What, all.Script.Name)?.Ratio, 1.8, "×");
        section.AtLeast("no-op, script block over ForEach-Object -Parallel",
            section.Find(What, all.Script.Name)?.Median / section.Find(What, all.ForEachParallel.Name)?.Median, 40, "×");
    }

    private static Case Case(Workbench bench, Contender contender, int keep) =>
        new(contender, drivers => new Throughput { What = What, Jobs = bench.Jobs(contender), Keep = keep }.MeasureAsync(bench, contender, drivers));
}
