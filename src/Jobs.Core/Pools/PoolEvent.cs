namespace Jobs.Core;

/// <summary>How much a pool's event matters.</summary>
public enum PoolEventLevel
{
    /// <summary>Claims, starts, ends; only with <see cref="PoolOptions.Verbose"/>.</summary>
    Verbose,
    /// <summary>Something a person should know.</summary>
    Warning,
}

/// <summary>Something a pool has to say.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Message">What it says.</param>
/// <param name="JobId">The job it is about, if one.</param>
public sealed record PoolEvent(PoolEventLevel Level, string Message, string? JobId = null);
