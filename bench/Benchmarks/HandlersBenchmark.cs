using Jobs.Bench.Harness;

namespace Jobs.Bench.Benchmarks;

/// <summary>Handlers that take their time.</summary>
internal sealed class HandlersBenchmark : IBenchmark
{
    private const int Milliseconds = 10;

    private static readonly int[] s_workers = [1, 10, 100];

    public string Name => "handlers";

    public string Definition => $"Handlers that wait for {Milliseconds} ms (Task.Delay, Start-Sleep, setTimeout), with 1, 10 and 100 workers: at most 100 a second and worker";

    public Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        return Rounds.RunAsync(section, bench.Rounds,
        [
            .. from workers in s_workers
               from contender in all.Fast
               let jobs = bench.JobsAt(workers * 1000 / Milliseconds)
               select new Case(contender, drivers =>
                   new Throughput { What = $"{Milliseconds} ms handler, {workers} workers", Jobs = jobs, Workers = workers, Milliseconds = Milliseconds }.MeasureAsync(bench, contender, drivers)),
        ]);
    }
}
