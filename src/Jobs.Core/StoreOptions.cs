namespace Jobs.Core;

/// <summary>Where the store is and how to log in.</summary>
public sealed record StoreOptions
{
    /// <summary>StackExchange.Redis configuration string, or <c>redis://</c> / <c>rediss://</c> URL.</summary>
    public string Configuration { get; init; } = "localhost:6379";

    /// <summary>Database number; null: the configuration's, else 0.</summary>
    public int? Database { get; init; }

    /// <summary>User; null: the configuration's.</summary>
    public string? User { get; init; }

    /// <summary>Password; null: the configuration's.</summary>
    public string? Password { get; init; }

    /// <summary>Prefix of all keys: 1 to 100 letters, digits, '.', '_' or '-'.</summary>
    public string Namespace { get; init; } = "jobs";

    /// <summary>How long the first connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long ended jobs are kept; null: as the store says.</summary>
    public RetentionOptions? Retention { get; init; }
}

/// <summary>How long ended jobs are kept. Stored in the store, so that all pools agree.</summary>
public sealed record RetentionOptions
{
    /// <summary>Default 7 days.</summary>
    public TimeSpan Finished { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Default 30 days.</summary>
    public TimeSpan Failed { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Default 7 days.</summary>
    public TimeSpan Cancelled { get; init; } = TimeSpan.FromDays(7);

    /// <summary>At most so many in each of the three. Default 100,000.</summary>
    public int MaxCount { get; init; } = 100_000;
}

/// <summary>What is known of a connected store.</summary>
public sealed record StoreInfo
{
    /// <summary>host:port.</summary>
    public required string Endpoint { get; init; }

    /// <summary>redis, valkey or garnet.</summary>
    public required string Server { get; init; }

    /// <summary>The server's version.</summary>
    public required string Version { get; init; }

    /// <summary>Database number.</summary>
    public int Database { get; init; }

    /// <summary>Prefix of all keys.</summary>
    public required string Namespace { get; init; }

    /// <summary>Median of a few round trips.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>Append-only file on; null when the user may not ask.</summary>
    public bool? AppendOnly { get; init; }

    /// <summary>always, everysec or no; null when unknown.</summary>
    public string? Fsync { get; init; }

    /// <summary>Snapshots configured; null when unknown.</summary>
    public bool? Snapshots { get; init; }

    /// <summary>Set when an acknowledged job can be lost on power failure: how, and what to change.</summary>
    public string? Warning { get; init; }
}
