using System.Diagnostics;
using Jobs.Core;
using Jobs.Tests.PowerShell.Handlers.Workers;

namespace Jobs.Tests.PowerShell.Handlers.Streams;

[Collection("Alone")]
[Trait("Category", "Chaos")]
public sealed class FloodTests(RedisFixture redis) : ScriptPoolTest(redis)
{
    [Theory]
    [InlineData("$PSCmdlet.WriteWarning($line)")]
    [InlineData("$Host.UI.WriteLine($line)")]
    [InlineData("$PSCmdlet.WriteVerbose($line)")]
    public async Task A_flooded_stream_costs_no_memory_and_its_log_ends_with_a_mark(string write)
    {
        var lines = IsChaos ? 1_000_000 : 100_000;
        Script("flood", $"[CmdletBinding()] param($n) $VerbosePreference = 'Continue'; $line = 'x' * 200; for ($i = 0; $i -lt $n; $i++) {{ {write} }}; 'done'");
        await RunAsync(1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var highest = 0L;
        using var watch = new Timer(_ => highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: false)), null, 0, 20);
        var time = Stopwatch.StartNew();
        var job = await RunAsync(lines);
        TestContext.Current.TestOutputHelper?.WriteLine($"{lines:N0} lines by {write}: {time.Elapsed.TotalSeconds:F1} s, at most {(highest - before) / 1e6:F0} MB more");

        Assert.Equal(["\"done\""], (await Client.GetOutputAsync(job, Cancel))!.Items);
        var log = await Client.GetLogAsync(job, 0, Cancel);
        Assert.InRange(log.Count, 1000, 10_001);
        Assert.Equal((JobLogLevel.Warning, "The log of this attempt is full; what follows is not kept."), (log[^1].Level, log[^1].Message));
        Assert.True(highest - before < 150_000_000, $"Took {highest - before:N0} bytes.");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 10_000_000);
    }

    [Fact]
    public async Task A_flood_of_a_running_job_can_be_read()
    {
        Script("flood", "$line = 'x' * 10; for ($i = 0; $i -lt 7999; $i++) { $Host.UI.WriteLine($line) }; while ($true) { }");
        var job = await ScheduleAsync("flood");
        await StartScriptPoolAsync(1);
        await Wait.UntilAsync(async () => (await Client.GetLogAsync(job.Id, 0, Cancel)).Count == 7999);
    }

    [Fact]
    public async Task Flooded_output_is_cut_at_its_limit()
    {
        Script("flood", "param($n) $line = 'x' * 200; for ($i = 0; $i -lt $n; $i++) { $line }");
        var job = await RunAsync(IsChaos ? 1_000_000 : 100_000);
        var output = (await Client.GetOutputAsync(job, Cancel))!;
        Assert.True(output.Truncated);
        Assert.InRange(output.Items.Sum(item => item.Length), JobOutput.MaxBytes * 98 / 100, JobOutput.MaxBytes);
    }

    private async Task<string> RunAsync(int lines)
    {
        var job = await ScheduleAsync("flood", request => request with { Data = $"{lines}" });
        await RunScriptsAsync(1);
        Assert.Equal(JobStatus.Finished, (await Client.GetAsync(job.Id, Cancel)).Status);
        return job.Id;
    }
}
