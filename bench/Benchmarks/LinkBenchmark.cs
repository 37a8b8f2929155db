using Jobs.Bench.Harness;
using Jobs.Bench.Servers;

namespace Jobs.Bench.Benchmarks;

/// <summary>A server that is far away.</summary>
internal sealed class LinkBenchmark : IBenchmark
{
    private static readonly TimeSpan s_oneWay = TimeSpan.FromMilliseconds(10);

    public string Name => "link";

    public string Definition => $"As noop, with a round trip of {2 * s_oneWay.TotalMilliseconds} ms to the server: a proxy on the same machine hands on what it gets {s_oneWay.TotalMilliseconds} ms later each way. Bandwidth is not limited";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        await using var redis = new SlowLink(bench.Redis.Port, s_oneWay);
        await using var postgres = bench.Postgres is { } server ? new SlowLink(server.Port, s_oneWay) : null;
        await Rounds.RunAsync(section, bench.Rounds, [.. all.Fast.Select(contender =>
        {
            var link = contender.Server == bench.Redis ? redis : postgres;
            return new Case(contender, drivers =>
                new Throughput { What = "no-op handler, 20 ms away", Jobs = bench.JobsAt(contender.Pace / 5), Through = link?.Address }.MeasureAsync(bench, contender, drivers));
        })]);
    }
}
