using System.Diagnostics;

namespace Jobs.Tests.PowerShell.Handlers;

/// <summary>Opt-in: JOBS_BENCH=1 prints what a job that does nothing costs on one worker.</summary>
public sealed class OverheadTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Measure_a_job_that_does_nothing()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("JOBS_BENCH") == "1", "Set JOBS_BENCH=1 to measure.");
        await using var bench = new Bench();
        bench.Register("none", "").Register("one", "param($x)").Register("named", "param($A, $B)");
        foreach (var (type, data, parameters) in new[] { ("none", null, false), ("one", "5", false), ("named", """{"A":1,"B":"x"}""", true) })
        {
            for (var round = 0; round < 3; round++)
            {
                const int Jobs = 30_000;
                var runs = Enumerable.Range(0, Jobs).Select(_ => new FakeRun(type, data, parameters)).ToList();
                var source = bench.Source;
                await bench.Run("none");
                var watch = Stopwatch.StartNew();
                foreach (var run in runs) source.Add(run);
                await runs[^1].Ended;
                Assert.All(runs, run => Assert.Null(run.Error));
                output.WriteLine($"{type}: {watch.Elapsed.TotalMicroseconds / Jobs:F2} µs a job");
            }
        }
    }
}
