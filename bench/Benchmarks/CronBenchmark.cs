using Jobs.Bench.Harness;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Benchmarks;

/// <summary>What a process that a timer starts each minute takes.</summary>
internal sealed class CronBenchmark : IBenchmark
{
    private const string Bare = "a process that does nothing";

    public string Name => "cron";

    public string Definition => "From the start of a shell process to its end: `-NoProfile -Command 1`, and one that imports the module, connects, registers a type and calls Start-JobPool -UntilEmpty, when nothing is due and when one job is";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var (shell, compiled) = (bench.Contenders.Shell, bench.Contenders.Compiled);
        if (!shell.IsReal) section.Note("There is no pwsh: the figures are those of the stand-in host, and their targets are not compared.");
        await bench.Redis.ClearAsync();
        var open = bench.Open(compiled);
        var module = Path.Combine(bench.Contenders.Root, "Jobs.psd1");
        var command = $"Import-Module '{module}'; Connect-JobStore '{open.Redis}' -Namespace '{open.Name}'; Register-JobType work {{ }}; $null = Start-JobPool -UntilEmpty";

        await using var client = await Driver.StartAsync(compiled.Launch);
        await client.AskAsync(open);
        (string What, int Jobs, string Command)[] kinds = [(Bare, 0, "1"), ("cron mode, nothing due", 0, command), ("cron mode, one job", 1, command)];
        var samples = kinds.Select(_ => new List<Sample>()).ToArray();
        for (var round = -1; round < bench.Of(15, 4); round++)
        {
            for (var i = 0; i < kinds.Length; i++)
            {
                if (kinds[i].Jobs > 0) await client.AskAsync(new Request { Op = "schedule", Count = kinds[i].Jobs });
                var time = await shell.TimeAsync(kinds[i].Command);
                if (round >= 0) samples[i].Add(new Sample(kinds[i].What, time.TotalMilliseconds, "ms", LessIsBetter: true));
            }
        }
        foreach (var kind in samples) section.Add(shell.Name, isPeer: false, kind);
        if (!shell.IsReal) return;
        var bare = section.Find(Bare, shell.Name)!.Median;
        section.AtMost("cron mode, nothing due, over a bare process", section.Find(kinds[1].What, shell.Name)!.Median - bare, 150, "ms");
        section.AtMost("cron mode, one job, over a bare process", section.Find(kinds[2].What, shell.Name)!.Median - bare, 200, "ms");
    }
}
