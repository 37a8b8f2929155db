using Jobs.Bench.Servers;

namespace Jobs.Bench.Harness;

/// <summary>Someone that is measured.</summary>
internal sealed record Contender
{
    public required string Name { get; init; }

    /// <summary>The settings it is given, and whose advice they are.</summary>
    public required string Settings { get; init; }

    public required Launch Launch { get; init; }

    /// <summary>Null: it keeps its jobs nowhere.</summary>
    public IServer? Server { get; init; }

    /// <summary>Jobs in flight where a row does not say.</summary>
    public required int Workers { get; init; }

    /// <summary>Runs that it does in a second, roughly: how many jobs it is given follows from it.</summary>
    public required int Pace { get; init; }

    /// <summary>Jobs that it schedules in a second in bulk, roughly.</summary>
    public int BulkPace { get; init; }

    /// <summary>Whether it is one that ours are compared with.</summary>
    public bool IsPeer { get; init; }

    /// <summary>Why it can't be measured here; null: it can.</summary>
    public string? Missing { get; init; }

    /// <summary>What it is and what it runs on, as its driver says.</summary>
    public string Version { get; init; } = "";

    /// <summary>Starts its driver once, to see whether it can be measured.</summary>
    public async Task<Contender> ProbeAsync()
    {
        if (Missing is not null) return this;
        try
        {
            await using var driver = await Driver.StartAsync(Launch);
            return this with { Version = driver.Version };
        }
        catch (Exception e) when (e is DriverException or System.ComponentModel.Win32Exception)
        {
            return this with { Missing = e.Message };
        }
    }
}
