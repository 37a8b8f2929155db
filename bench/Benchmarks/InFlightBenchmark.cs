using Jobs.Bench.Harness;

namespace Jobs.Bench.Benchmarks;

/// <summary>How throughput follows the number of jobs in flight.</summary>
internal sealed class InFlightBenchmark : IBenchmark
{
    private static readonly int[] s_workers = [1, 10, 100];

    public string Name => "inflight";

    public string Definition => "As noop, with 1, 10 and 100 jobs in flight: workers here, concurrency in BullMQ, concurrentJobs in Graphile Worker";

    public Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        return Rounds.RunAsync(section, bench.Rounds,
        [
            .. from workers in s_workers
               from contender in all.Fast
               let jobs = workers == 1 ? bench.Jobs(contender) / 4 : bench.Jobs(contender) / 2
               select new Case(contender, drivers => new Throughput { What = $"no-op handler, {workers} in flight", Jobs = jobs, Workers = workers }.MeasureAsync(bench, contender, drivers)),
        ]);
    }
}
