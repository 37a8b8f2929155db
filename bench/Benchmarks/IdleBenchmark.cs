using System.Diagnostics;
using Jobs.Bench.Harness;

namespace Jobs.Bench.Benchmarks;

/// <summary>What a worker costs that has nothing to do.</summary>
internal sealed class IdleBenchmark : IBenchmark
{
    private const string Commands = "idle: Redis commands";
    private const string Client = "idle: processor, client";

    public string Name => "idle";

    public string Definition => "A worker on an empty queue, three seconds after it started, for 30 seconds (-Quick 5): commands that its clients send to Redis, and the share of one processor that the client's and the server's processes used";

    public async Task RunAsync(Workbench bench, Section section)
    {
        var all = bench.Contenders;
        var span = TimeSpan.FromSeconds(bench.Of(30, 5));
        foreach (var contender in new[] { all.Compiled, all.Script, all.BullMq, all.Graphile })
        {
            if (contender.Missing is { } missing) section.Note($"{contender.Name}: skipped, {missing}");
            else await MeasureAsync(bench, section, contender, span);
        }
        foreach (var contender in new[] { all.Compiled, all.Script })
        {
            section.AtMost($"{Commands}, {contender.Name}", section.Find(Commands, contender.Name)?.Median, 2, "/s");
            section.AtMost($"{Client}, {contender.Name}", section.Find(Client, contender.Name)?.Median, 0.5, "%");
        }
    }

    private static async Task MeasureAsync(Workbench bench, Section section, Contender contender, TimeSpan span)
    {
        var server = contender.Server!;
        await server.ClearAsync();
        await using var driver = await Driver.StartAsync(contender.Launch);
        await driver.AskAsync(bench.Open(contender));
        await driver.AskAsync("start");
        await Task.Delay(TimeSpan.FromSeconds(3));
        var (start, client, serving) = (Stopwatch.GetTimestamp(), driver.ProcessorTime, server.ProcessorTime);
        var commands = await bench.Redis.ListenAsync(span);
        var (time, used, served) = (Stopwatch.GetElapsedTime(start), driver.ProcessorTime - client, server.ProcessorTime - serving);
        if (server == bench.Redis) Add(Commands, commands / time.TotalSeconds, "/s");
        Add(Client, used / time * 100, "%");
        Add("idle: processor, server", served / time * 100, "%");
        await driver.AskAsync("stop");
        await driver.AskAsync("close");

        void Add(string what, double value, string unit) => section.Add(contender.Name, contender.IsPeer, [new Sample(what, value, unit, LessIsBetter: true)]);
    }
}
