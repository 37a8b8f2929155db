using Jobs.Bench.Servers;

namespace Jobs.Bench.Harness;

/// <summary>Who is measured, each with the settings that its own documentation names as fastest.</summary>
internal sealed record Contenders
{
    public required Shell Shell { get; init; }

    /// <summary>The repository's folder.</summary>
    public required string Root { get; init; }

    public required Contender Compiled { get; init; }
    public required Contender Script { get; init; }
    public required Contender BullMq { get; init; }
    public required Contender Graphile { get; init; }
    public required Contender Hangfire { get; init; }
    public required Contender ForEachParallel { get; init; }
    public required Contender ThreadJob { get; init; }

    public IReadOnlyList<Contender> All => [Compiled, Script, BullMq, Graphile, Hangfire, ForEachParallel, ThreadJob];

    public IReadOnlyList<Contender> Ours => [Compiled, Script];

    /// <summary>Ours, and the peers that are anywhere near: measured in each row about speed.</summary>
    public IReadOnlyList<Contender> Fast => [.. Ours, BullMq, Graphile];

    public static async Task<Contenders> ProbeAsync(RedisServer redis, PostgresServer? postgres, string? noPostgres)
    {
        var root = RootFolder();
        var bench = Path.Combine(root, "bench");
        var shell = Shell.Find(root);
        var noShell = shell.IsReal ? null : "there is no pwsh on PATH or in JOBS_BENCH_PWSH.";
        return new Contenders
        {
            Shell = shell,
            Root = root,
            Compiled = await new Contender
            {
                Name = "Jobs, compiled",
                Settings = "Jobs.Core, a handler in C#; ScheduleAsync with all jobs at once is bulk",
                Launch = new Launch(Environment.ProcessPath!, "drive"),
                Server = redis,
                Workers = 10,
                Pace = 30_000,
                BulkPace = 60_000,
            }.ProbeAsync(),
            Script = await new Contender
            {
                Name = $"Jobs, script block ({shell.Name})",
                Settings = "the module, a script block as handler, 2 workers; `1..N | New-ScheduledJob` is bulk",
                Launch = shell.Script(Path.Combine(bench, "Ours/module.ps1")),
                Server = redis,
                Workers = 2,
                Pace = 18_000,
                BulkPace = 35_000,
            }.ProbeAsync(),
            BullMq = await new Contender
            {
                Name = "BullMQ",
                Settings = "one worker of concurrency 100, as its guide to concurrency advises for jobs that wait rather than compute; addBulk with 1,000 jobs a call; all else as it is by default",
                Launch = new Launch("node", "--expose-gc", Path.Combine(bench, "Peers/BullMQ/driver.mjs")),
                Server = redis,
                Workers = 100,
                Pace = 18_000,
                BulkPace = 25_000,
                IsPeer = true,
            }.ProbeAsync(),
            Graphile = await new Contender
            {
                Name = "Graphile Worker",
                Settings = "the settings of its page on performance: 24 concurrent jobs, a pool of 25 connections, localQueue of 500, completeJobBatchDelay and failJobBatchDelay 0; add_jobs with 5,000 jobs a call",
                Launch = new Launch("node", "--expose-gc", Path.Combine(bench, "Peers/GraphileWorker/driver.mjs")),
                Server = postgres,
                Workers = 24,
                Pace = 14_000,
                BulkPace = 50_000,
                IsPeer = true,
                Missing = noPostgres,
            }.ProbeAsync(),
            Hangfire = await new Contender
            {
                Name = "Hangfire",
                Settings = "Hangfire.Redis.StackExchange, 20 workers; it has no bulk",
                Launch = new Launch("dotnet", Path.Combine(bench, "Peers/Hangfire/bin/Release/net10.0/Jobs.Bench.Hangfire.dll")),
                Server = redis,
                Workers = 20,
                Pace = 600,
                BulkPace = 1_000,
                IsPeer = true,
            }.ProbeAsync(),
            ForEachParallel = await new Contender
            {
                Name = "ForEach-Object -Parallel",
                Settings = "a throttle limit of as many as there are processors; nothing is kept anywhere",
                Launch = shell.Script(Path.Combine(bench, "Peers/PowerShell/driver.ps1"), "ForEach-Object -Parallel"),
                Workers = Environment.ProcessorCount,
                Pace = 350,
                Missing = noShell,
            }.ProbeAsync(),
            ThreadJob = await new Contender
            {
                Name = "Start-ThreadJob",
                Settings = "a throttle limit of as many as there are processors; nothing is kept anywhere",
                Launch = shell.Script(Path.Combine(bench, "Peers/PowerShell/driver.ps1"), "Start-ThreadJob"),
                Workers = Environment.ProcessorCount,
                Pace = 25,
                Missing = noShell,
            }.ProbeAsync(),
        };
    }

    private static string RootFolder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Jobs.slnx"))) return folder;
        throw new InvalidOperationException("The benchmarks run in a checkout of the repository only.");
    }
}
