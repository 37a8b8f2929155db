using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>How fast jobs are scheduled.</summary>
internal sealed class SchedulingBenchmark : IBenchmark
{
    private const string Bulk = "schedule in bulk";
    private const string Cold = "schedule in bulk, cold";
    private const string OneByOne = "schedule one at a time";

    public string Name => "scheduling";

    public string Definition => "Jobs with a number as their data, due at once, while no worker runs. In bulk: as many at once as the system takes at its best, until all are acknowledged; cold: the first call of a new process that has connected. One at a time: each is acknowledged before the next is scheduled";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        var most = bench.Of(100_000, 20_000);
        await Rounds.RunAsync(section, bench.Rounds,
        [
            .. all.Fast.Select(contender => Case(bench, Bulk, contender, most, oneByOne: false)),
            .. all.Fast.Select(contender => Case(bench, Cold, contender, most, oneByOne: false) with { IsCold = true }),
            .. all.Fast.Append(all.Hangfire).Select(contender => Case(bench, OneByOne, contender, bench.Of(5_000, 500), oneByOne: true)),
        ]);
        foreach (var contender in all.Ours)
        {
            var own = section.Find(Bulk, contender.Name)?.Median;
            section.AtLeast($"bulk, {contender.Name} over BullMQ's addBulk", own / section.Find(Bulk, all.BullMq.Name)?.Median, 2, "×");
            section.AtLeast($"bulk, {contender.Name} over Graphile's add_jobs", own / section.Find(Bulk, all.Graphile.Name)?.Median, 1.5, "×");
            section.AtLeast($"bulk, {contender.Name}", own, 100_000, "/s");
            section.AtLeast($"bulk cold, {contender.Name} over BullMQ's addBulk cold", section.Find(Cold, contender.Name)?.Median / section.Find(Cold, all.BullMq.Name)?.Median, 2, "×");
        }
    }

    private static Case Case(Workbench bench, string what, Contender contender, int jobs, bool oneByOne) => new(contender, async drivers =>
    {
        var driver = drivers[0];
        if (contender.Server is { } server) await server.ClearAsync();
        await driver.AskAsync(bench.Open(contender));
        var (client, serving) = (driver.ProcessorTime, contender.Server?.ProcessorTime);
        var reply = await driver.AskAsync(new Request { Op = "schedule", Count = jobs, OneByOne = oneByOne });
        var (used, served) = (driver.ProcessorTime - client, contender.Server?.ProcessorTime - serving);
        await driver.AskAsync("close");
        return [new Sample(what, jobs / reply.Seconds, "/s", used.TotalMicroseconds / jobs, served?.TotalMicroseconds / jobs)];
    });
}
