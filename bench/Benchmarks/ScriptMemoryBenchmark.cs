using System.Diagnostics;
using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>What a pool's process holds after many script-block jobs, whether it stays as fast, and what a worker takes.</summary>
internal sealed class ScriptMemoryBenchmark : IBenchmark
{
    private const int Batch = 5_000;
    private const double MostGrowthInPercent = 5;

    // Variables, functions, text, an error, an output: all that a handler can leave behind.
    private const string Handler = "param($x) $global:y = @(1) * 100; function g { }; $Host.UI.WriteLine('line'); try { throw 'x' } catch { }; @{ Value = $x }";

    public string Name => "memory";

    public string Definition => "One pool of 2 workers runs 1,000,000 script-block jobs (-Quick 50,000) that leave variables, functions, text, errors and output behind: its memory after all of them over that after a fifth, garbage collected each time, and the speed of the last tenth over that of the first. A worker: the resident memory with 34 busy workers less that with 2, over 32";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var script = bench.Contenders.Script;
        if (script.Missing is { } missing)
        {
            section.Note($"{script.Name}: skipped, {missing}");
            return;
        }
        await RunManyAsync(bench, section, script);
        await WeighWorkersAsync(bench, section, script);
    }

    private static async Task RunManyAsync(Workbench bench, Section section, Contender script)
    {
        var (jobs, tenth) = (bench.Of(1_000_000, 50_000), bench.Of(100_000, 5_000));
        await bench.Redis.ClearAsync();
        var open = bench.Open(script) with { Script = Handler };
        await using var feeder = await Driver.StartAsync(bench.Contenders.Compiled.Launch);
        await using var driver = await Driver.StartAsync(script.Launch);
        await feeder.AskAsync(open);
        await driver.AskAsync(open);
        await driver.AskAsync("start");

        // A new session compiles and loads: that is not the speed of the first tenth.
        var ended = 0;
        await RunAsync(Batch);
        var first = await RunAsync(tenth);
        await RunAsync((jobs / 5) - tenth);
        var before = await WeighAsync(driver);
        await RunAsync(jobs - (jobs / 5) - tenth);
        var last = await RunAsync(tenth);
        var after = await WeighAsync(driver);
        await driver.AskAsync("stop");

        section.Add(script.Name, new Sample("script-block jobs, the first tenth", tenth / first.TotalSeconds, "/s"));
        section.Add(script.Name, new Sample("script-block jobs, the last tenth", tenth / last.TotalSeconds, "/s"));
        section.Add(script.Name, new Sample("managed heap after a fifth", before.Heap / 1e6, "MB", LessIsBetter: true));
        section.Add(script.Name, new Sample("managed heap after all", after.Heap / 1e6, "MB", LessIsBetter: true));
        section.Add(script.Name, new Sample("resident memory after a fifth", before.Resident / 1e6, "MB", LessIsBetter: true));
        section.Add(script.Name, new Sample("resident memory after all", after.Resident / 1e6, "MB", LessIsBetter: true));
        section.AtLeast($"{jobs:N0} script-block jobs, last tenth over first", first / last, 0.95, "×");
        section.AtMost("growth of the managed heap", Growth(before.Heap, after.Heap), MostGrowthInPercent, "%");
        section.AtMost("growth of resident memory", Growth(before.Resident, after.Resident), MostGrowthInPercent, "%");

        async Task<TimeSpan> RunAsync(int count)
        {
            var start = Stopwatch.GetTimestamp();
            for (var left = count; left > 0; left -= Batch)
            {
                await feeder.AskAsync(new Request { Op = "schedule", Count = Math.Min(left, Batch) });
                ended += Math.Min(left, Batch);
                // Never out of work, and never much ahead of it.
                await Throughput.EndedAsync([driver], ended - (left > Batch ? Batch : 0));
            }
            return Stopwatch.GetElapsedTime(start);
        }
    }

    private static async Task WeighWorkersAsync(Workbench bench, Section section, Contender script)
    {
        const int few = 2;
        const int many = 34;
        await using var driver = await Driver.StartAsync(script.Launch);
        var weights = new List<long>();
        foreach (var workers in new[] { few, many })
        {
            await bench.Redis.ClearAsync();
            await driver.AskAsync(bench.Open(script) with { Workers = workers, Milliseconds = 20 });
            await driver.AskAsync(new Request { Op = "schedule", Count = 50 * workers });
            await driver.AskAsync("start");
            await Throughput.EndedAsync([driver], 50 * workers);
            weights.Add((await WeighAsync(driver)).Resident);
            await driver.AskAsync("stop");
        }
        var worker = (weights[1] - weights[0]) / 1e6 / (many - few);
        section.Add(script.Name, new Sample("memory a worker", worker, "MB", LessIsBetter: true));
        section.AtMost("memory a worker", worker, 2, "MB");
    }

    private static double Growth(double before, double after) => ((after / before) - 1) * 100;

    private static async Task<(long Heap, long Resident)> WeighAsync(Driver driver) => ((await driver.AskAsync("collect")).Heap, driver.Memory);
}
