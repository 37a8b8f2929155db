using System.Collections.Concurrent;
using System.Globalization;
using Jobs.Core;
using Jobs.FaultWorker;

namespace Jobs.Tests.Faults;

/// <summary>Everything at once, for minutes: <c>./build.sh Chaos</c>. JOBS_CHAOS_MINUTES sets how long (10), JOBS_CHAOS_SEED repeats an order of faults.</summary>
[Trait("Category", "Chaos")]
public sealed class ChaosTests(ITestOutputHelper output) : FaultTest
{
    private static readonly double Minutes = double.Parse(Environment.GetEnvironmentVariable("JOBS_CHAOS_MINUTES") ?? "10", CultureInfo.InvariantCulture);
    private static readonly TimeSpan ChaosLease = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly List<(WorkerProcess Process, FaultyNetwork? Network)> _workers = [];
    private int _refused;

    private enum Fault
    {
        Kill,
        RestartRedis,
        PauseRedis,
        Partition,
    }

    public static bool IsOff => Environment.GetEnvironmentVariable("JOBS_CHAOS") != "1";

    [Fact(Skip = "Takes minutes: ./build.sh Chaos", SkipWhen = nameof(IsOff))]
    public async Task Nothing_is_lost_and_nothing_overlaps_whatever_is_killed_paused_or_cut()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("JOBS_CHAOS_SEED") ?? $"{Environment.TickCount & 0xFFFFFF}", CultureInfo.InvariantCulture);
        output.WriteLine($"JOBS_CHAOS_SEED={seed}");
        var random = new Random(seed);
        var began = RunLog.Now;
        var faults = Plan(random);
        for (var i = 0; i < 6; i++) _workers.Add(Start(i >= 3 ? MakeNetwork() : null));

        using var enough = new CancellationTokenSource();
        var scheduling = Task.Run(() => ScheduleAllAsync(enough.Token));
        var time = TimeSpan.FromMinutes(Minutes);
        for (var i = 0; i < faults.Length; i++)
        {
            await StrikeAsync(faults[i], random);
            var next = began + (long)(time.TotalMilliseconds * (i + 1) / faults.Length);
            await Task.Delay((int)Math.Max(0, next - RunLog.Now));
        }
        await enough.CancelAsync();
        await scheduling;

        var patience = RunLog.Now + 120_000;
        while (await UnfinishedAsync() != 0 && RunLog.Now < patience) await Task.Delay(100);
        var healed = RunLog.Now;
        foreach (var (process, _) in _workers) await process.StopAsync();
        var findings = await Checker.CheckAsync(History, Client, Audit, _acknowledged);
        await TellAsync(findings, faults, healed - began);
        foreach (var finding in findings.All.Take(20)) output.WriteLine(finding);
        Assert.Empty(findings.All.Take(20));
        Assert.True(_acknowledged.Count >= 2000 * Minutes, $"{_acknowledged.Count} jobs are too few.");
    }

    private static Fault[] Plan(Random random)
    {
        Fault[] faults =
        [
            .. Enumerable.Repeat(Fault.Kill, Many(45)), .. Enumerable.Repeat(Fault.RestartRedis, Many(11)),
            .. Enumerable.Repeat(Fault.PauseRedis, Many(5)), .. Enumerable.Repeat(Fault.Partition, Many(14)),
        ];
        random.Shuffle(faults);
        return faults;

        static int Many(int inTenMinutes) => (int)Math.Ceiling(inTenMinutes * Minutes / 10);
    }

    private (WorkerProcess, FaultyNetwork?) Start(FaultyNetwork? network) => (StartWorker(workers: 8, ChaosLease, network), network);

    private async Task StrikeAsync(Fault fault, Random random)
    {
        var start = RunLog.Now;
        var victim = random.Next(_workers.Count);
        var length = random.Next(300, 5000);
        switch (fault)
        {
            case Fault.Kill:
                _workers[victim].Process.Kill();
                _workers[victim] = Start(_workers[victim].Network);
                return;
            case Fault.RestartRedis:
                Server.Kill();
                await Task.Delay(length / 2);
                await Server.StartAsync();
                break;
            case Fault.PauseRedis:
                Server.Pause();
                await Task.Delay(length);
                Server.Continue();
                break;
            case Fault.Partition:
                var network = _workers[3 + victim % 3].Network!;
                var way = random.Next(3);
                network.Cut(toStore: way != 1, fromStore: way != 2);
                await Task.Delay(length);
                network.Restore();
                break;
        }
        History.Fault(start);
    }

    private async Task ScheduleAllAsync(CancellationToken enough)
    {
        var random = new Random(1);
        while (!enough.IsCancellationRequested)
        {
            var requests = Enumerable.Range(0, 30).Select(i => new JobRequest
            {
                Type = i % 10 == 0 ? "flaky" : "work",
                Data = $"{(i == 1 ? random.Next(3000) : random.Next(60))}",
                In = i % 5 == 0 ? TimeSpan.FromMilliseconds(random.Next(3000)) : null,
                Priority = random.Next(-5, 6),
            }).ToArray();
            try
            {
                foreach (var job in await Client.ScheduleAsync(requests)) _acknowledged.Enqueue(job.Id);
            }
            catch (JobsException)
            {
                _refused++; // not acknowledged: it may or may not have been stored
            }
            // As fast as jobs are run, not faster: what is looked for is faults, not load.
            do await Task.Delay(random.Next(200, 600), CancellationToken.None);
            while (await CountAsync("executing") >= 48 && !enough.IsCancellationRequested);
        }
    }

    private async Task<long> UnfinishedAsync()
    {
        var counts = await Redis.HashGetAllAsync(Key("counts"));
        return counts.Where(entry => entry.Name.ToString().Split(':')[0] is "saved" or "scheduled" or "queued" or "executing").Sum(entry => (long)entry.Value);
    }

    private async Task TellAsync(Findings findings, Fault[] faults, long took)
    {
        var summary = $"""
            | figure | value |
            | --- | ---: |
            | minutes | {took / 60000.0:0.0} |
            | jobs acknowledged | {_acknowledged.Count} |
            | finished / failed | {await CountAsync("finished")} / {await CountAsync("failed")} |
            | executions | {findings.Executions} |
            | repeated executions, all of runs in flight at a fault | {findings.Repeated} |
            | pools killed (SIGKILL) | {faults.Count(fault => fault == Fault.Kill)} |
            | Redis killed and restarted | {faults.Count(fault => fault == Fault.RestartRedis)} |
            | Redis paused | {faults.Count(fault => fault == Fault.PauseRedis)} |
            | partitions | {faults.Count(fault => fault == Fault.Partition)} |
            | schedule calls refused | {_refused} |
            | jobs lost | {findings.Lost.Count} |
            | jobs stuck | {findings.Stuck.Count} |
            | stale writes | {findings.StaleWrites.Count} |
            | overlapping runs | {findings.Overlaps.Count} |
            | repeated without a fault | {findings.Unexplained.Count} |
            | inconsistent counters, places or keys | {findings.Inconsistent.Count} |
            """;
        output.WriteLine(summary);
        Console.WriteLine(summary);
    }
}
