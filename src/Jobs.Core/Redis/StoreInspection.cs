using System.Net;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Asks a server what it is and how safely it keeps jobs.</summary>
internal static class StoreInspection
{
    public static async Task<StoreInfo> InspectAsync(JobStore store, CancellationToken cancellationToken)
    {
        var connection = store.Connection;
        // Waits, too, for a connection that was lost and is coming back.
        await connection.RefreshAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var server = Primary(connection.Redis);
            var (asksFacts, asksMemory) = (InfoAsync(server, "server"), InfoAsync(server, "memory"));
            var (asksAppendOnly, asksFsync, asksSave) = (ConfigAsync(server, "appendonly"), ConfigAsync(server, "appendfsync"), ConfigAsync(server, "save"));
            var (facts, eviction) = (await asksFacts.ConfigureAwait(false), Eviction(await asksMemory.ConfigureAwait(false)));
            var (appendOnly, fsync, save) = (await asksAppendOnly.ConfigureAwait(false), await asksFsync.ConfigureAwait(false), await asksSave.ConfigureAwait(false));
            var trips = new List<TimeSpan>();
            for (var i = 0; i < 5; i++) trips.Add(await server.PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false));
            var name = Find(facts, "garnet_version") is not null ? "garnet" : Find(facts, "server_name") ?? (Find(facts, "valkey_version") is not null ? "valkey" : "redis");
            return new StoreInfo
            {
                Endpoint = store.Endpoint,
                Server = name,
                Version = Find(facts, name + "_version") ?? server.Version.ToString(),
                Database = store.Database,
                Namespace = store.Namespace,
                RoundTrip = trips.Order().ElementAt(trips.Count / 2),
                AppendOnly = appendOnly is null ? null : appendOnly == "yes",
                Fsync = fsync,
                Snapshots = save is null ? null : save.Length > 0,
                EvictionPolicy = eviction,
                DeniedCommands = connection.Rights.Denied,
                Warning = string.Join(' ', [.. WarnOfEviction(eviction), .. WarnOfPersistence(appendOnly, fsync)]) is { Length: > 0 } warning ? warning : null,
            };
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw StoreErrors.Explain(e, store.Endpoint);
        }
    }

    /// <summary>Whether the server throws jobs away; by the way, that it answers. False also where it does not say.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public static async Task<bool> IsEvictingAsync(JobStore store, CancellationToken cancellationToken)
    {
        var connection = store.Connection;
        return StoreInfo.Evicts(Eviction(await connection.PersistAsync(() => InfoAsync(Primary(connection.Redis), "memory"), cancellationToken).ConfigureAwait(false)));
    }

    private static string[] WarnOfEviction(string? policy) => StoreInfo.Evicts(policy)
        ? [$"maxmemory-policy is '{policy}': the server throws jobs away when its memory is full. Set 'maxmemory-policy noeviction'."]
        : [];

    private static string[] WarnOfPersistence(string? appendOnly, string? fsync) => (appendOnly, fsync) switch
    {
        (null, _) => ["This user may not read the server's persistence settings: whether an acknowledged job survives a power failure is not known."],
        ("no", _) => ["The append-only file is off: jobs since the last snapshot are lost when the server or the machine fails. Set 'appendonly yes' and 'appendfsync always'."],
        (_, "always") => [],
        _ => [$"appendfsync is '{fsync}': jobs acknowledged in about the last second can be lost on power failure. Set 'appendfsync always' to keep every one."],
    };

    private static IServer Primary(IConnectionMultiplexer redis)
    {
        var servers = redis.GetEndPoints().Select((EndPoint endpoint) => redis.GetServer(endpoint)).ToList();
        return servers.FirstOrDefault(server => server.IsConnected && !server.IsReplica) ?? servers[0];
    }

    private static async Task<string?> InfoAsync(IServer server, string section) =>
        (string?)await TryAsync(() => server.ExecuteAsync("INFO", section)).ConfigureAwait(false);

    private static string? Eviction(string? memory) => Find(memory, "maxmemory") is null or "0" ? null : Find(memory, "maxmemory_policy");

    /// <summary>The value of a line <c>name:value</c>.</summary>
    private static string? Find(string? facts, string name)
    {
        foreach (var line in facts.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ':') return line[(name.Length + 1)..].ToString();
        }
        return null;
    }

    private static async Task<string?> ConfigAsync(IServer server, string name) =>
        (await TryAsync(() => server.ConfigGetAsync(name)).ConfigureAwait(false))?.Select(pair => pair.Value).FirstOrDefault();

    /// <summary>Null where the user may not ask, or the server does not know the command.</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException)
        {
            return null;
        }
    }
}
