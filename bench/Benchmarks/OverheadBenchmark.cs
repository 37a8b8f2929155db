using System.Diagnostics;
using Jobs.Core;

namespace Jobs.Bench.Benchmarks;

/// <summary>
/// The same number of jobs through the same pool, once with a compiled handler and once with a script block that does as little. Rounds alternate,
/// and their medians count: what else goes on in the process and on the machine hits both.
/// </summary>
internal sealed class OverheadBenchmark : IBenchmark
{
    private const int Jobs = 50_000;
    private const int Rounds = 5;
    private const double LimitInMicroseconds = 30;

    public string Name => "overhead";

    public string Purpose => $"Processor time of a script-block job that does nothing over that of a compiled one; {Jobs:N0} jobs, one worker, median of {Rounds} rounds";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchStore store)
    {
        using var empty = ScriptHost.Workers("");
        using var argument = ScriptHost.Workers("param($x)");
        var kinds = new (string What, WorkerLoop? Worker, string? Data)[]
        {
            ("compiled handler", null, null),
            ("script block, no data", empty.Run, null),
            ("script block, param($x)", argument.Run, "5"),
        };
        var figures = kinds.Select(_ => (Cpu: new List<double>(), Rate: new List<double>())).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < kinds.Length; i++)
            {
                var (cpu, rate) = await MeasureAsync(store, kinds[i].Worker, kinds[i].Data);
                if (round < 0) continue; // warms up
                figures[i].Cpu.Add(cpu);
                figures[i].Rate.Add(rate);
            }
        }
        var compiled = Median(figures[0].Cpu);
        var rows = new List<Measurement>();
        for (var i = 0; i < kinds.Length; i++)
        {
            rows.Add(new Measurement($"{kinds[i].What}: processor time a job", Median(figures[i].Cpu), "µs"));
            rows.Add(new Measurement($"{kinds[i].What}: jobs a second", Median(figures[i].Rate), "/s"));
        }
        for (var i = 1; i < kinds.Length; i++)
            rows.Add(Measurement.AtMost($"{kinds[i].What}: overhead", Median(figures[i].Cpu) - compiled, "µs", LimitInMicroseconds));
        return rows;
    }

    private static async Task<(double Cpu, double Rate)> MeasureAsync(BenchStore bench, WorkerLoop? worker, string? data)
    {
        await using var store = await bench.ConnectAsync();
        var types = new JobTypeRegistry();
        types.Register(new JobType { Name = "nothing", Handler = (_, _) => Task.FromResult<JobOutput?>(null) });
        var client = new JobClient(store, types);
        await client.ScheduleAsync([.. Enumerable.Repeat(new JobRequest { Type = "nothing", Data = data }, Jobs)]);

        await using var pool = new JobPool(store, types, new PoolOptions { Workers = 1, UntilEmpty = true, Worker = worker });
        GC.Collect();
        var (cpu, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await pool.StartAsync();
        await pool.Completion;
        var (used, time) = (Environment.CpuUsage.TotalTime - cpu, Stopwatch.GetElapsedTime(start));
        if (pool.Info.Processed != Jobs) throw new InvalidOperationException($"{pool.Info.Processed} of {Jobs} jobs ran.");
        return (used.TotalMicroseconds / Jobs, Jobs / time.TotalSeconds);
    }

    private static double Median(List<double> figures)
    {
        figures.Sort();
        return figures[figures.Count / 2];
    }
}
