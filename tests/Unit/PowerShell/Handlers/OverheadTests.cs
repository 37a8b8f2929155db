using System.Diagnostics.CodeAnalysis;
using Jobs.PowerShell.Handlers;

namespace Jobs.Tests.PowerShell.Handlers;

/// <summary>Opt-in: JOBS_BENCH=1 prints what a job that does nothing costs on one worker, in processor time.</summary>
[Collection("Alone")]
public sealed class OverheadTests(ITestOutputHelper output)
{
    // So many that what a new session compiles does not count.
    private const int Jobs = 200_000;

    [Theory]
    [InlineData("", null, false)]
    [InlineData("param($x)", "5", false)]
    [InlineData("param($A, $B)", """{"A":1,"B":"x"}""", true)]
    public async Task Measure_a_job_that_does_nothing(string script, string? data, bool parameters)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("JOBS_BENCH") == "1", "Set JOBS_BENCH=1 to measure.");
        await using var bench = new Bench();
        bench.Register("T", script);
        for (var round = 0; round < 2; round++)
        {
            bench.Pool.Verify();
            var source = new SameRun(new FakeRun("T", data, parameters));
            var before = Environment.CpuUsage.TotalTime;
            await bench.Pool.Run(source);
            output.WriteLine($"{script}: {(Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Jobs:F2} µs a job");
        }
    }

    /// <summary>Gives one run again and again: a fake costs too much to make one a job.</summary>
    private sealed class SameRun(FakeRun same) : IRunSource
    {
        private int _given;

        public CancellationToken Closed => default;

        public bool TryTake([NotNullWhen(true)] out IRun? run)
        {
            run = _given++ < Jobs ? same : null;
            return run is not null;
        }

        public IRun? Take() => null;
    }
}
