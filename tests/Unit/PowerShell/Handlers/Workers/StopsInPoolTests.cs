using System.Diagnostics;
using System.Management.Automation;
using Jobs.Core;

namespace Jobs.Tests.PowerShell.Handlers.Workers;

/// <summary>Waits as Start-Sleep does: until the time is over or the pipeline is stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "Pause")]
public sealed class StartPauseCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim _stop = new();

    [Parameter(Position = 0)]
    public int Seconds { get; set; }

    public void Dispose() => _stop.Dispose();

    protected override void ProcessRecord() => _stop.Wait(TimeSpan.FromSeconds(Seconds));

    protected override void StopProcessing() => _stop.Set();
}

[Collection("Alone")]
public sealed class StopsInPoolTests(RedisFixture redis) : ScriptPoolTest(redis)
{
    private const int Workers = 20;

    /// <summary>What runs, and how long it may take to end: at once, or after the grace (5 s) for what can't be interrupted. Doubled for slow machines.</summary>
    [Theory]
    [InlineData("script loop", "while ($true) { }", 5)]
    [InlineData("sleeping cmdlet", "Start-Pause 120", 5)]
    [InlineData("native program", "/bin/sleep 120", 5)]
    [InlineData("blocking call", "[System.Threading.Thread]::Sleep(20000)", 15)]
    public async Task Twenty_running_jobs_stop_within_their_bound_and_the_pool_goes_on_at_full_strength(string kind, string script, int seconds)
    {
        var name = typeof(StopsInPoolTests).FullName;
        Script("endless", script);
        // All of them are needed at once to pass: a pool at less than its strength would wait for ever.
        Script("together", $"param($n) $null = [{name}]::Barriers[$n].SignalAndWait(30000); [{name}]::Barriers[$n].CurrentPhaseNumber");
        var pool = await StartScriptPoolAsync(Workers, $"\nImport-Module -Assembly ([{typeof(StartPauseCommand).FullName}].Assembly)");
        var ids = await ScheduleManyAsync("endless", Workers);
        await Wait.UntilAsync(() => pool.Info.Busy == Workers, "all run");

        var watch = Stopwatch.StartNew();
        foreach (var id in ids) await Client.CancelAsync(id, Cancel);
        foreach (var id in ids) await WaitForAsync(id, JobStatus.Cancelled);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {watch.Elapsed.TotalMilliseconds:F0} ms for {Workers}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(seconds), $"{kind}: {watch.Elapsed}");

        using var barrier = new Barrier(Workers);
        var number = Interlocked.Increment(ref s_barriers);
        Barriers[number] = barrier;
        var next = await Client.ScheduleAsync([.. Enumerable.Repeat(new JobRequest { Type = "together", Data = $"{number}" }, Workers)], Cancel);
        foreach (var job in next)
        {
            await WaitForAsync(job.Id, JobStatus.Finished);
            Assert.Equal("1", Assert.Single((await Client.GetOutputAsync(job.Id, Cancel))!.Items));
        }
        Barriers.Remove(number, out _);
    }

    private static int s_barriers;

    /// <summary>Where the handlers of a test meet.</summary>
    public static System.Collections.Concurrent.ConcurrentDictionary<int, Barrier> Barriers { get; } = new();
}
