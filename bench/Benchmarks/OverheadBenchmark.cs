using System.Diagnostics;
using Jobs.Bench.Harness;
using Jobs.Bench.Ours;
using Jobs.Core;

namespace Jobs.Bench.Benchmarks;

/// <summary>
/// The same number of jobs through the same pool, once with a compiled handler and once with a script block that does as little: processor time, and memory
/// that is allocated. Rounds alternate, and their medians count: what else goes on in the process and on the machine hits both.
/// </summary>
internal sealed class OverheadBenchmark : IBenchmark
{
    private const int Jobs = 50_000;
    private const double LimitInMicroseconds = 30;
    private const string What = "one worker, one process";
    private const string Run = "allocated a run";
    private const string Scheduled = "allocated a scheduled job";
    private const string Compiled = "compiled handler";

    public string Name => "overhead";

    public string Definition => $"Processor time of a script-block job that does nothing over that of a compiled one, both in this program; {Jobs:N0} jobs, one worker. What is allocated counts all of the program, from the claim until the store has the outcome, or from ScheduleAsync with all jobs at once until it has answered";

    public async Task RunAsync(Workbench bench, Section section)
    {
        using var empty = ScriptHost.Workers("");
        using var argument = ScriptHost.Workers("param($x)");
        var kinds = new (string Who, WorkerLoop? Worker, string? Data, double Kilobytes)[]
        {
            (Compiled, null, null, 2),
            ("script block, no data", empty.Run, null, 6),
            ("script block, param($x)", argument.Run, "5", 6),
        };
        var samples = kinds.Select(_ => new List<Sample[]>()).ToArray();
        for (var round = -1; round < bench.Rounds; round++)
        {
            for (var i = 0; i < kinds.Length; i++)
            {
                var sample = await MeasureAsync(bench, kinds[i].Worker, kinds[i].Data);
                if (round >= 0) samples[i].Add(sample); // the first warms up
            }
        }
        for (var i = 0; i < kinds.Length; i++)
        {
            for (var figure = 0; figure < samples[i][0].Length; figure++)
                section.Add(kinds[i].Who, isPeer: false, [.. samples[i].Select(taken => taken[figure])]);
        }
        var compiled = section.Find(What, Compiled)!.Client;
        foreach (var (who, worker, _, kilobytes) in kinds)
        {
            section.AtMost($"{Run}, {who}", section.Find(Run, who)!.Median / 1024, kilobytes, "KB");
            if (worker is not null) section.AtMost($"overhead of a {who}", section.Find(What, who)!.Client - compiled, LimitInMicroseconds, "µs");
        }
    }

    private static async Task<Sample[]> MeasureAsync(Workbench bench, WorkerLoop? worker, string? data)
    {
        await bench.Redis.ClearAsync();
        await using var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = bench.Redis.Address, Namespace = "overhead" });
        var types = new JobTypeRegistry();
        types.Register(new JobType { Name = "nothing", Handler = (_, _) => Task.FromResult<JobOutput?>(null) });
        var client = new JobClient(store, types);
        JobRequest[] requests = [.. Enumerable.Repeat(new JobRequest { Type = "nothing", Data = data }, Jobs)];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await client.ScheduleAsync(requests);
        var scheduled = GC.GetTotalAllocatedBytes(precise: true) - before;

        await using var pool = new JobPool(store, types, new PoolOptions { Workers = 1, UntilEmpty = true, Worker = worker });
        GC.Collect();
        before = GC.GetTotalAllocatedBytes(precise: true);
        var (cpu, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await pool.StartAsync();
        await pool.Completion;
        var (used, time) = (Environment.CpuUsage.TotalTime - cpu, Stopwatch.GetElapsedTime(start));
        var run = GC.GetTotalAllocatedBytes(precise: true) - before;
        if (pool.Info.Processed != Jobs) throw new InvalidOperationException($"{pool.Info.Processed} of {Jobs} jobs ran.");
        return
        [
            new Sample(What, Jobs / time.TotalSeconds, "/s", Client: used.TotalMicroseconds / Jobs),
            new Sample(Run, (double)run / Jobs, "B", LessIsBetter: true),
            new Sample(Scheduled, (double)scheduled / Jobs, "B", LessIsBetter: true),
        ];
    }
}
