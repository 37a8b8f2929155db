using System.Runtime.InteropServices;
using Jobs.Bench.Benchmarks;
using Jobs.Bench.Harness;
using Jobs.Bench.Ours;
using Jobs.Bench.Protocol;

// The program that measures starts itself as the driver of the compiled rows.
if (args is ["drive"])
{
    // Not closed when its input ends: whoever measured is gone then, and maybe the server too.
    await DriverLoop.RunAsync(new CompiledDriver().AnswerAsync);
    return 0;
}

// A new benchmark is a file in Benchmarks and a line here.
IBenchmark[] all =
[
    new NoOpBenchmark(capped: false), new NoOpBenchmark(capped: true), new InFlightBenchmark(), new HandlersBenchmark(), new ProcessesBenchmark(), new LinkBenchmark(),
    new SchedulingBenchmark(), new PickUpBenchmark(), new IdleBenchmark(), new HerdBenchmark(), new CronBenchmark(),
    new RedisMemoryBenchmark(), new StoreSizeBenchmark(), new PumpBenchmark(), new OverheadBenchmark(), new ScriptMemoryBenchmark(), new SoakBenchmark(),
];

if (args is ["--list"])
{
    foreach (var benchmark in all) Console.WriteLine($"{benchmark.Name,-12} {benchmark.Definition}.");
    return 0;
}
var names = args.Where(name => name != "--quick").ToList();
var unknown = names.Where(name => !all.Any(benchmark => benchmark.Name == name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"Unknown: {string.Join(", ", unknown)}. There are: {string.Join(", ", all.Select(benchmark => benchmark.Name))}; --list explains them.");
    return 64;
}

// An end from outside is an end like any other: the servers end with it.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
using var bench = await Workbench.StartAsync(isQuick: args.Contains("--quick"));
var report = new Report(bench);
foreach (var benchmark in all.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name)))
{
    Console.WriteLine($"{benchmark.Name} ...");
    var section = new Section(benchmark);
    try
    {
        await benchmark.RunAsync(bench, section);
    }
    catch (DriverException e)
    {
        // The others are measured all the same.
        section.Note($"failed, {e.Message}");
    }
    report.Add(section);
}
report.Write(Path.Combine(bench.Contenders.Root, "artifacts", "bench"));
return 0;
