namespace Jobs.Bench;

/// <summary>One thing to measure.</summary>
internal interface IBenchmark
{
    /// <summary>As asked for on the command line.</summary>
    string Name { get; }

    /// <summary>What is measured, in a line.</summary>
    string Purpose { get; }

    Task<IReadOnlyList<Measurement>> RunAsync(BenchStore store);
}

/// <summary>A row of the report.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Target">What it should be, in words; null: the figure is for information.</param>
/// <param name="IsMet">Whether it is.</param>
internal sealed record Measurement(string What, double Value, string Unit, string? Target = null, bool? IsMet = null)
{
    /// <summary>A figure that must not be above a limit.</summary>
    public static Measurement AtMost(string what, double value, string unit, double limit) => new(what, value, unit, $"≤ {limit:0.##} {unit}", value <= limit);
}
