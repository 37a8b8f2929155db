namespace Jobs.Core;

/// <summary>What is to change of a job; null: stays.</summary>
public sealed record JobChange
{
    /// <summary>New due time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>New due time, from the store's now.</summary>
    public TimeSpan? In { get; init; }

    /// <inheritdoc cref="JobDefaults.Priority"/>
    public int? Priority { get; init; }

    /// <inheritdoc cref="JobDefaults.Queue"/>
    public string? Queue { get; init; }

    /// <inheritdoc cref="JobRequest.Every"/>
    public TimeSpan? Every { get; init; }

    /// <inheritdoc cref="JobRequest.Cron"/>
    public string? Cron { get; init; }

    /// <inheritdoc cref="JobRequest.TimeZone"/>
    public string? TimeZone { get; init; }
}
