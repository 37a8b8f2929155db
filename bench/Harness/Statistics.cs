namespace Jobs.Bench.Harness;

internal static class Statistics
{
    public static double Median(IEnumerable<double> figures) => Percentile(figures, 0.5);

    public static double Percentile(IEnumerable<double> figures, double part)
    {
        var sorted = figures.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(sorted.Length * part))];
    }
}
