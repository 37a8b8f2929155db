using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Jobs.Bench.Harness;
using Jobs.Bench.Ours;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.Bench.Benchmarks;

/// <summary>One worker fed without a pool or a store: what running a script block costs alone.</summary>
internal sealed class PumpBenchmark : IBenchmark
{
    // So many that what a new session compiles does not count.
    private const int Jobs = 200_000;

    public string Name => "pump";

    public string Definition => $"A script worker alone, without pool and store, in the engine within this program; {Jobs:N0} jobs that do nothing";

    public async Task RunAsync(Workbench bench, Section section)
    {
        section.Add("no data", await MeasureAsync("", null, false));
        section.Add("param($x)", await MeasureAsync("param($x)", "5", false));
        section.Add("param($A, $B), named", await MeasureAsync("param($A, $B)", """{"A":1,"B":"x"}""", true));
    }

    private static async Task<Sample> MeasureAsync(string script, string? data, bool named)
    {
        using var workers = ScriptHost.Workers(script);
        await RunAsync(workers, data, named); // warms up
        var (cpu, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await RunAsync(workers, data, named);
        var (used, time) = (Environment.CpuUsage.TotalTime - cpu, Stopwatch.GetElapsedTime(start));
        return new Sample("a script worker alone", Jobs / time.TotalSeconds, "/s", Client: used.TotalMicroseconds / Jobs);
    }

    private static async Task RunAsync(ScriptWorkers workers, string? data, bool named)
    {
        workers.VerifyAsync(default).GetAwaiter().GetResult();
        var run = new SameRun(new ScheduledJob { Id = "bench", Type = "bench", Queue = "default", Data = data, DataIsParameters = named, Attempts = 1 });
        await workers.Run(run);
        if (run.Succeeded != Jobs) throw new InvalidOperationException($"{run.Succeeded} of {Jobs} jobs succeeded.");
    }

    /// <summary>One run given again and again: making one a job would be measured too.</summary>
    private sealed class SameRun(ScheduledJob job) : IRunSource, IRun
    {
        private int _given;

        public int Succeeded { get; private set; }

        public ScheduledJob Job => job;

        public string PoolId => "bench";

        public DateTimeOffset? Deadline => null;

        public CancellationToken Stopping => default;

        public StopReason StopReason => StopReason.None;

        public CancellationToken Closed => default;

        public bool TryTake([NotNullWhen(true)] out IRun? run)
        {
            run = Take(default);
            return run is not null;
        }

        public IRun? Take(CancellationToken leave) => _given++ < Jobs ? this : null;

        public void Report(JobProgress progress)
        {
        }

        public void Log(JobLogLevel level, string message)
        {
        }

        public void Succeed(JobOutput? output, int exitCode) => Succeeded++;

        public void Fail(JobError error, int exitCode)
        {
        }

        public void Release()
        {
        }
    }
}
