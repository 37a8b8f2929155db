using Jobs.Bench.Harness;

namespace Jobs.Bench.Benchmarks;

/// <summary>Several processes that take from one queue.</summary>
internal sealed class ProcessesBenchmark : IBenchmark
{
    private static readonly int[] s_processes = [2, 4];

    public string Name => "processes";

    public string Definition => "As noop, with 2 and 4 processes on one server and one queue, each as it would be alone; the client's processor time is that of all of them";

    public Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        return Rounds.RunAsync(section, bench.Rounds,
        [
            .. from processes in s_processes
               from contender in all.Fast
               select new Case(contender, drivers => new Throughput { What = $"no-op handler, {processes} processes", Jobs = bench.Jobs(contender) }.MeasureAsync(bench, contender, drivers)) { Processes = processes },
        ]);
    }
}
