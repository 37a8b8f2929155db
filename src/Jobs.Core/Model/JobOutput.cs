namespace Jobs.Core;

/// <summary>What a handler put out, one JSON text an object.</summary>
/// <param name="Items">The objects, as JSON.</param>
/// <param name="Truncated">True when there was more than is kept (1 MiB).</param>
public sealed record JobOutput(IReadOnlyList<string> Items, bool Truncated = false)
{
    /// <summary>The most that is kept of a job's output, in bytes.</summary>
    public const int MaxBytes = 1 << 20;
}
