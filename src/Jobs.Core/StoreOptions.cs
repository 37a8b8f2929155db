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

    /// <summary>How long the first connection may take; null: the configuration's, else 3 s.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>How long ended jobs are kept; null: as the store says.</summary>
    public RetentionOptions? Retention { get; init; }

    /// <summary>Without the configuration and the password: it must be safe to print.</summary>
    public override string ToString() => $"{nameof(StoreOptions)} {{ {nameof(Namespace)} = {Namespace} }}";
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

    /// <summary>What the server does when its memory is full, such as noeviction; null when unknown, or when its memory has no limit.</summary>
    public string? EvictionPolicy { get; init; }

    /// <summary>Whether the server throws jobs away when its memory is full. The policies volatile-* throw away only what expires anyway, which no job does.</summary>
    public bool IsEvicting => Evicts(EvictionPolicy);

    internal static bool Evicts(string? policy) => policy?.StartsWith("allkeys-", StringComparison.Ordinal) == true;

    /// <summary>The commands of the job scripts that the user may not run here; empty too when the server does not tell.</summary>
    public IReadOnlyList<string> DeniedCommands { get; init; } = [];

    /// <summary>Set when an acknowledged job can be lost, by eviction or on power failure: how, and what to change.</summary>
    public string? Warning { get; init; }
}
