using Jobs.Bench.Harness;

namespace Jobs.Bench.Benchmarks;

/// <summary>Handlers that do nothing: against everyone, or when each end drops an old job from the history.</summary>
/// <param name="capped">Whether the history is full; only those that keep one are measured then, and who is fast without.</param>
internal sealed class NoOpBenchmark(bool capped) : IBenchmark
{
    private readonly string _what = capped ? "no-op handler, history full" : "no-op handler";

    public string Name => capped ? "capped" : "noop";

    public string Definition => capped
        ? "As noop, in a store that has reached the number of ended jobs it keeps (10,000; -Quick 2,000), so that each end removes an old one: MaxHistory here, removeOnComplete with a count in BullMQ. Graphile Worker keeps none"
        : "Jobs whose handler does nothing, each with a number as its data, all scheduled before the workers start; from when a tenth of the handlers have ended until all have. One process. BullMQ also with removeOnComplete, its way to keep nothing";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        var (keep, before) = capped ? (bench.Of(10_000, 2_000), bench.Of(10_000, 2_000)) : (-1, 0);
        var cases = (capped ? all.Fast : all.All).Select(contender => Case(bench, contender, keep, before)).ToList();
        if (!capped) cases.Insert(3, Case(bench, all.BullMq, keep: 0, before) with { Who = "BullMQ, removing" });
        await Rounds.RunAsync(section, bench.Rounds, cases);
        section.AtLeastOverPeers(_what, all.Compiled, 3);
        section.AtLeastOverPeers(_what, all.Script, 1.8);
        if (capped) return;
        section.AtLeast("no-op handler, script block over ForEach-Object -Parallel",
            section.Find(_what, all.Script.Name)?.Median / section.Find(_what, all.ForEachParallel.Name)?.Median, 40, "×");
    }

    private Case Case(Workbench bench, Contender contender, int keep, int before) =>
        new(contender, drivers => new Throughput { What = _what, Jobs = bench.Jobs(contender), Keep = keep, Before = before }.MeasureAsync(bench, contender, drivers));
}
