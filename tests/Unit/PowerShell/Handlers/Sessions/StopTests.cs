using System.Diagnostics;
using Jobs.Core;

namespace Jobs.Tests.PowerShell.Handlers.Sessions;

public sealed class StopTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("while ($true) { }")]
    [InlineData("while ($true) { try { throw 1 } catch { } }")]
    [InlineData("while ($true) { Start-Sleep 5 }")]
    [InlineData("/bin/sleep 60")]
    [InlineData("1..10000 | ForEach-Object { [System.Threading.Thread]::Sleep(10) }")]
    [InlineData("while (-not $JobContext.CancellationToken.IsCancellationRequested) { }; while ($true) { }")]
    public async Task Ends_what_runs_and_goes_on(string script)
    {
        await using var bench = new Bench();
        bench.Register("next", "\"$env:none$(Test)\"").Register("endless", "try { Write-Warning 'begun'; " + script + " } finally { Write-Warning 'finally' }");
        bench.Initialization += "\nfunction Test { 'still here' }";
        var run = new FakeRun("endless");
        var next = new FakeRun("next");
        bench.Source.Add(run);
        bench.Source.Add(next);
        await Bench.Until(() => run.LogCount > 0);
        var watch = Stopwatch.StartNew();
        run.Stop(StopReason.TimedOut);
        await run.Ended.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal("Jobs.TimedOut", run.Error!.Type);
        Assert.Equal(["begun", "finally"], run.Entries.Select(entry => entry.Message));
        await next.Ended.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal("still here", Assert.Single(next.Items));
        Assert.Equal((1, 1), (run.Completions, next.Completions));
    }

    [Fact]
    public async Task Runs_clean_blocks()
    {
        await using var bench = new Bench();
        bench.Register("endless", "begin { } process { Write-Warning 'begun'; while ($true) { } } clean { [AppDomain]::CurrentDomain.SetData($JobContext.Id, 'cleaned') }");
        var run = new FakeRun("endless");
        bench.Source.Add(run);
        await Bench.Until(() => run.LogCount > 0);
        run.Stop();
        await run.Ended.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal("cleaned", AppDomain.CurrentDomain.GetData(run.Job.Id));
    }

    [Fact]
    public async Task Waits_for_a_blocking_call_and_disturbs_nobody()
    {
        await using var bench = new Bench();
        bench.Register("block", "Write-Warning 'begun'; [System.Threading.Thread]::Sleep(1500); 'too late'").Register("quick", "1");
        var stuck = bench.AddWorker();
        var run = new FakeRun("block");
        stuck.Add(run);
        await Bench.Until(() => run.LogCount > 0);
        run.Stop();
        // As the engine does when the grace is over: closes this slot and puts another worker in its place.
        stuck.Close();
        var replacement = bench.AddWorker();
        var next = new FakeRun("quick");
        replacement.Add(next);
        await next.Ended.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.False(run.Ended.IsCompleted);
        await bench.WorkerEnd(0).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.NotNull(run.Error);
        Assert.Null(run.Output);
    }

    [Fact]
    public async Task A_stop_that_comes_as_a_run_ends_does_not_hit_the_next()
    {
        await using var bench = new Bench();
        bench.Register("short", "param($n) for ($i = 0; $i -lt $n; $i++) { }").Register("next", "for ($i = 0; $i -lt 200; $i++) { }; 'whole'");
        await bench.Run("next");
        for (var i = 0; i < 300; i++)
        {
            var run = new FakeRun("short", $"{i % 50 * 20}");
            var next = new FakeRun("next");
            bench.Source.Add(run);
            bench.Source.Add(next);
            Thread.SpinWait(i % 100 * 40);
            run.Stop();
            await Task.WhenAll(run.Ended, next.Ended).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
            Assert.Equal("whole", Assert.Single(next.Items));
            Assert.Equal((1, 1), (run.Completions, next.Completions));
        }
    }

    [Fact]
    public async Task Does_not_begin_what_is_stopped_already()
    {
        await using var bench = new Bench();
        bench.Register("T", "1");
        var run = new FakeRun("T");
        run.Stop();
        bench.Source.Add(run);
        await run.Ended.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal("Jobs.Cancelled", run.Error!.Type);
    }

    [Fact]
    public async Task Replaces_a_runspace_that_a_job_closed()
    {
        await using var bench = new Bench();
        bench.Register("break", "[runspace]::DefaultRunspace.CloseAsync()").Register("next", "Write-Host 'x'; 2");
        for (var i = 0; i < 5; i++)
        {
            var run = new FakeRun("break");
            var next = new FakeRun("next");
            bench.Source.Add(run);
            bench.Source.Add(next);
            await Task.WhenAll(run.Ended, next.Ended).WaitAsync(TimeSpan.FromSeconds(20), Cancel);
            Assert.Equal(2, Assert.Single(next.Items));
        }
    }

    [Fact]
    public async Task Ends_when_its_slot_is_closed()
    {
        await using var bench = new Bench();
        bench.Register("T", "1");
        await bench.Run("T");
        bench.Source.Close();
        await bench.WorkerEnd().WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }
}
