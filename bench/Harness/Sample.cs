namespace Jobs.Bench.Harness;

/// <summary>One measurement.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Client">Processor time of the client a job, in µs.</param>
/// <param name="Server">Processor time of the server a job, in µs.</param>
/// <param name="LessIsBetter">Whether a small figure is a good one.</param>
internal sealed record Sample(string What, double Value, string Unit, double? Client = null, double? Server = null, bool LessIsBetter = false);

/// <summary>What the samples of all rounds say together.</summary>
internal sealed record Figure
{
    public Figure(string who, bool isPeer, IReadOnlyList<Sample> samples)
    {
        (Who, IsPeer, Rounds) = (who, isPeer, samples.Count);
        (What, Unit, LessIsBetter) = (samples[0].What, samples[0].Unit, samples[0].LessIsBetter);
        Median = Statistics.Median(samples.Select(sample => sample.Value));
        Least = samples.Min(sample => sample.Value);
        Most = samples.Max(sample => sample.Value);
        Client = samples[0].Client is null ? null : Statistics.Median(samples.Select(sample => sample.Client ?? 0));
        Server = samples[0].Server is null ? null : Statistics.Median(samples.Select(sample => sample.Server ?? 0));
    }

    public string What { get; }
    public string Who { get; }
    public bool IsPeer { get; }
    public string Unit { get; }
    public bool LessIsBetter { get; }
    public int Rounds { get; }
    public double Median { get; }
    public double Least { get; }
    public double Most { get; }
    public double? Client { get; }
    public double? Server { get; }

    /// <summary>Over the best peer's in the same row; null: there is none.</summary>
    public double? Ratio { get; set; }
}
