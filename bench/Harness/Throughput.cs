using System.Diagnostics;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Harness;

/// <summary>How many jobs are run in a second: jobs are scheduled, then workers started, and the time counts until the last handler has ended.</summary>
internal sealed record Throughput
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>The row.</summary>
    public required string What { get; init; }

    public required int Jobs { get; init; }

    /// <summary>In flight, in each process; null: as the contender is best.</summary>
    public int? Workers { get; init; }

    /// <summary>How long each handler takes.</summary>
    public int Milliseconds { get; init; }

    /// <summary>Ended jobs kept; -1: as many as the system keeps by itself.</summary>
    public int Keep { get; init; } = -1;

    /// <summary>Jobs run before, so that the history is full.</summary>
    public int Before { get; init; }

    /// <summary>The server's address, where it is not the server's own.</summary>
    public string? Through { get; init; }

    public async Task<IReadOnlyList<Sample>> MeasureAsync(Workbench bench, Contender contender, IReadOnlyList<Driver> drivers)
    {
        if (contender.Server is { } server) await server.ClearAsync();
        var open = bench.Open(contender, Through) with { Workers = Workers ?? contender.Workers, Milliseconds = Milliseconds, Keep = Keep };
        foreach (var driver in drivers) await driver.AskAsync(open);
        if (Before > 0) await RunAsync(drivers, Before);
        await ScheduleAsync(drivers[0], Jobs);

        var (client, serving) = (Sum(drivers), contender.Server?.ProcessorTime);
        var time = await RunAsync(drivers, Jobs, scheduled: true);
        var (used, served) = (Sum(drivers) - client, contender.Server?.ProcessorTime - serving);
        foreach (var driver in drivers) await driver.AskAsync("close");
        return [new Sample(What, Jobs / time.TotalSeconds, "/s", used.TotalMicroseconds / Jobs, served?.TotalMicroseconds / Jobs)];
    }

    /// <summary>Starts workers, waits until so many handlers have ended, and stops the workers; the time is that without the stop.</summary>
    public static async Task<TimeSpan> RunAsync(IReadOnlyList<Driver> drivers, int jobs, bool scheduled = false)
    {
        if (!scheduled) await ScheduleAsync(drivers[0], jobs);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(drivers.Select(driver => driver.AskAsync("start")));
        await EndedAsync(drivers, jobs);
        var time = Stopwatch.GetElapsedTime(start);
        foreach (var driver in drivers) await driver.AskAsync("stop");
        return time;
    }

    /// <summary>Waits until so many handlers have ended since the start.</summary>
    public static async Task EndedAsync(IReadOnlyList<Driver> drivers, long jobs)
    {
        var start = Stopwatch.GetTimestamp();
        while ((await Task.WhenAll(drivers.Select(driver => driver.AskAsync("ended")))).Sum(reply => reply.Count) is var ended && ended < jobs)
        {
            if (Stopwatch.GetElapsedTime(start) > s_longest) throw new DriverException($"{ended} of {jobs} jobs ended in {s_longest.TotalMinutes} minutes.");
            await Task.Delay(10);
        }
    }

    private static Task<Reply> ScheduleAsync(Driver driver, int jobs) => driver.AskAsync(new Request { Op = "schedule", Count = jobs });

    private static TimeSpan Sum(IReadOnlyList<Driver> drivers) => TimeSpan.FromTicks(drivers.Sum(driver => driver.ProcessorTime.Ticks));
}
