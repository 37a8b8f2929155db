using System.Diagnostics;
using Jobs.Bench.Protocol;

namespace Jobs.Bench.Harness;

/// <summary>
/// How many jobs are run in a second: jobs are scheduled, then workers started, and what counts is the time from when a tenth of the handlers have ended
/// to when all have. How workers start is no part of it; one who runs everything within the start is measured from there.
/// </summary>
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

        var start = Now(0);
        await Task.WhenAll(drivers.Select(driver => driver.AskAsync("start")));
        var tenth = Now(await EndedAsync(drivers, Jobs / 10));
        var end = Now(await EndedAsync(drivers, Jobs));
        foreach (var driver in drivers) await driver.AskAsync("stop");
        foreach (var driver in drivers) await driver.AskAsync("close");

        var from = tenth.Ended < Jobs ? tenth : start;
        var jobs = end.Ended - from.Ended;
        return
        [
            new Sample(What, jobs / Stopwatch.GetElapsedTime(from.Time, end.Time).TotalSeconds, "/s",
                (end.Client - from.Client).TotalMicroseconds / jobs, (end.Server - from.Server)?.TotalMicroseconds / jobs),
        ];

        Moment Now(long ended) => new(ended, Stopwatch.GetTimestamp(), TimeSpan.FromTicks(drivers.Sum(driver => driver.ProcessorTime.Ticks)), contender.Server?.ProcessorTime);
    }

    /// <summary>Runs so many jobs from the start of the workers to their stop.</summary>
    public static async Task RunAsync(IReadOnlyList<Driver> drivers, int jobs, bool scheduled = false)
    {
        if (!scheduled) await ScheduleAsync(drivers[0], jobs);
        foreach (var driver in drivers) await driver.AskAsync("start");
        await EndedAsync(drivers, jobs);
        foreach (var driver in drivers) await driver.AskAsync("stop");
    }

    /// <summary>Waits until so many handlers have ended since the start, and tells how many have.</summary>
    public static async Task<long> EndedAsync(IReadOnlyList<Driver> drivers, long jobs)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var ended = (await Task.WhenAll(drivers.Select(driver => driver.AskAsync("ended")))).Sum(reply => reply.Count);
            if (ended >= jobs) return ended;
            if (Stopwatch.GetElapsedTime(start) > s_longest) throw new DriverException($"{ended} of {jobs} jobs ended in {s_longest.TotalMinutes} minutes.");
            await Task.Delay(10);
        }
    }

    private static Task<Reply> ScheduleAsync(Driver driver, int jobs) => driver.AskAsync(new Request { Op = "schedule", Count = jobs });

    private readonly record struct Moment(long Ended, long Time, TimeSpan Client, TimeSpan? Server);
}
