namespace Jobs.Core.Scheduling;

/// <summary>How long a failed attempt waits before it is repeated.</summary>
internal static class Backoff
{
    /// <summary>Up to a fifth is added at random, so that jobs that failed together don't come back together.</summary>
    private const double Jitter = 0.2;

    /// <param name="kind">How the delay grows.</param>
    /// <param name="first">Before the first retry.</param>
    /// <param name="longest">Never longer than this, jitter included.</param>
    /// <param name="retry">Which retry, counted from 1.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan Delay(BackoffKind kind, TimeSpan first, TimeSpan longest, int retry, double random)
    {
        var factor = kind == BackoffKind.Fixed ? 1 : Math.Pow(2, Math.Min(retry - 1, 62));
        var ticks = first.Ticks * factor * (1 + Jitter * random);
        return ticks >= longest.Ticks ? longest : TimeSpan.FromTicks((long)ticks);
    }
}
