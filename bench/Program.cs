using Jobs.Bench;
using Jobs.Bench.Benchmarks;

// A new benchmark is a file in Benchmarks and a line here.
IBenchmark[] all = [new PumpBenchmark(), new OverheadBenchmark(), new MemoryBenchmark()];

if (args is ["--list"])
{
    foreach (var benchmark in all) Console.WriteLine($"{benchmark.Name,-12} {benchmark.Purpose}");
    return 0;
}
var unknown = args.Where(name => !all.Any(benchmark => benchmark.Name == name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"Unknown: {string.Join(", ", unknown)}. There are: {string.Join(", ", all.Select(benchmark => benchmark.Name))}; --list explains them.");
    return 64;
}

await using var store = await BenchStore.StartAsync();
var report = new Report(store.Server);
foreach (var benchmark in all.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
{
    Console.WriteLine($"{benchmark.Name}: {benchmark.Purpose} ...");
    report.Add(benchmark, await benchmark.RunAsync(store));
}
report.Write(Path.Combine(Directory.GetCurrentDirectory(), "artifacts", "bench"));
return 0;
