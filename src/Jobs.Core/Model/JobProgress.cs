namespace Jobs.Core;

/// <summary>What a handler last said of its progress.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">How it stands, or null.</param>
/// <param name="PercentComplete">0 to 100, or -1 when unknown.</param>
/// <param name="CurrentOperation">The step under way, or null.</param>
public sealed record JobProgress(string Activity, string? Status = null, int PercentComplete = -1, string? CurrentOperation = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (PercentComplete >= 0 ? $"{PercentComplete} % " : "") + (string.IsNullOrEmpty(Status) ? Activity : $"{Activity}: {Status}");
}
