using Jobs.Bench.Harness;

namespace Jobs.Bench.Benchmarks;

/// <summary>Handlers that do nothing, when each end drops an old job from the history.</summary>
internal sealed class CappedBenchmark : IBenchmark
{
    private const string What = "no-op handler, history full";

    public string Name => "capped";

    public string Definition => "As noop, in a store that has reached the number of ended jobs it keeps (10,000; -Quick 2,000), so that each end removes an old one: MaxHistory here, removeOnComplete with a count in BullMQ. Graphile Worker keeps none";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        var cap = bench.Of(10_000, 2_000);
        await Rounds.RunAsync(section, bench.Rounds, [.. new[] { all.Compiled, all.Script, all.BullMq, all.Graphile }.Select(contender =>
            new Case(contender, drivers => new Throughput { What = What, Jobs = bench.Jobs(contender), Keep = cap, Before = cap }.MeasureAsync(bench, contender, drivers)))]);
        section.AtLeast("no-op at the cap, compiled over the best peer", section.Find(What, all.Compiled.Name)?.Ratio, 3, "×");
        section.AtLeast($"no-op at the cap, {all.Script.Name} over the best peer", section.Find(What, all.Script.Name)?.Ratio, 1.8, "×");
    }
}
