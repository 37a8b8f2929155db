using System.Diagnostics;
using Jobs.Core;
using Jobs.Tests;

namespace Jobs.Bench.Benchmarks;

/// <summary>What a pool's process holds after many script-block jobs against what it held after a fifth of them.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const int First = 20_000;
    private const int Batch = 1_000;
    private const double MostGrowthInPercent = 5;

    private static readonly int s_all = int.TryParse(Environment.GetEnvironmentVariable("JOBS_BENCH_JOBS"), out var jobs) ? jobs : 100_000;

    public string Name => "memory";

    public string Purpose => $"Growth of a pool of 2 workers between {First:N0} and {s_all:N0} script-block jobs (JOBS_BENCH_JOBS)";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchStore bench)
    {
        await using var store = await bench.ConnectAsync();
        var types = new JobTypeRegistry();
        types.Register(new JobType { Name = "work" });
        var client = new JobClient(store, types);
        using var workers = ScriptHost.Workers("param($x) $global:y = @(1) * 100; function g { }; $Host.UI.WriteLine('line'); try { throw 'x' } catch { }; @{ Value = $x }");
        await using var pool = new JobPool(store, types, new PoolOptions { Workers = 2, Worker = workers.Run });
        await pool.StartAsync();

        await RunAsync(client, pool, First);
        var before = Footprint.Take();
        await RunAsync(client, pool, s_all);
        var after = Footprint.Take();
        return
        [
            new Measurement($"managed heap after {First:N0}", before.Heap / 1e6, "MB"),
            new Measurement($"managed heap after {s_all:N0}", after.Heap / 1e6, "MB"),
            Measurement.AtMost("growth of the managed heap", Growth(before.Heap, after.Heap), "%", MostGrowthInPercent),
            new Measurement($"resident memory after {First:N0}", before.Resident / 1e6, "MB"),
            new Measurement($"resident memory after {s_all:N0}", after.Resident / 1e6, "MB"),
            Measurement.AtMost("growth of resident memory", Growth(before.Resident, after.Resident), "%", MostGrowthInPercent),
            Measurement.AtMost("more threads", after.Threads - before.Threads, "", 4),
            Measurement.AtMost("more handles", after.Handles - before.Handles, "", 8),
        ];
    }

    private static double Growth(double before, double after) => ((after / before) - 1) * 100;

    private static async Task RunAsync(JobClient client, JobPool pool, int upTo)
    {
        while (pool.Info.Processed is var done && done < upTo)
        {
            await client.ScheduleAsync([.. Enumerable.Repeat(new JobRequest { Type = "work", Data = "5" }, Batch)]);
            await Wait.UntilAsync(() => pool.Info.Processed >= done + Batch);
        }
    }

    private sealed record Footprint(long Heap, long Resident, int Threads, int Handles)
    {
        public static Footprint Take()
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            using var process = Process.GetCurrentProcess();
            var handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount;
            return new Footprint(heap, process.WorkingSet64, process.Threads.Count, handles);
        }
    }
}
