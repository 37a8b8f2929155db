using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>An open connection to a job store: the first door a C# user comes through.</summary>
public sealed class JobStore : IAsyncDisposable
{
    internal JobStore(StoreConnection connection, string @namespace) => (Connection, Namespace) = (connection, @namespace);

    internal StoreConnection Connection { get; }

    /// <summary>host:port, never with a password.</summary>
    public string Endpoint => Connection.Endpoint;

    /// <summary>Prefix of all keys.</summary>
    public string Namespace { get; }

    /// <summary>Database number.</summary>
    public int Database => Connection.Database;

    /// <summary>Connects and checks that the store can be used.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors, DatabaseOutOfRange, InvalidConfiguration, InvalidName.</exception>
    public static async Task<JobStore> ConnectAsync(StoreOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate.Store(options);
        var configuration = StoreAddress.Parse(options);
        var endpoint = StoreAddress.Describe(configuration);
        var patience = TimeSpan.FromMilliseconds(configuration.ConnectTimeout);
        var start = TimeProvider.System.GetTimestamp();
        ConnectionMultiplexer? redis = null;
        try
        {
            redis = await ConnectAsync(configuration, patience, cancellationToken).ConfigureAwait(false);
            if (configuration.DefaultDatabase > 0 && redis.GetServers().Any(server => server.ServerType == ServerType.Cluster))
                throw StoreErrors.NoDatabase(endpoint, configuration.DefaultDatabase.Value);
            var connection = new StoreConnection(redis, configuration, new Keys(options.Namespace), endpoint, time ?? TimeProvider.System);
            var left = patience - TimeProvider.System.GetElapsedTime(start);
            await connection.OpenAsync(configuration.User).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (options.Retention is { } retention)
            {
                await connection.SendAsync(Scripts.SetRetention,
                    JobHash.Ms(retention.Finished), JobHash.Ms(retention.Failed), JobHash.Ms(retention.Cancelled), retention.MaxCount).ConfigureAwait(false);
            }
            return new JobStore(connection, options.Namespace);
        }
        catch (Exception e)
        {
            if (redis is not null) await redis.DisposeAsync().ConfigureAwait(false);
            if (e is not (RedisException or RedisCommandException or TimeoutException)) throw;
            if (StoreErrors.IsDatabase(e)) throw StoreErrors.NoDatabase(endpoint, configuration.DefaultDatabase ?? 0);
            var explained = StoreErrors.Explain(e, endpoint);
            // A handshake that failed looks like a refused user to the client, and a lost one like a server that is away.
            if (redis is null && await TlsDiagnosis.FindAsync(configuration, e).ConfigureAwait(false) is { } tls) explained = tls;
            throw explained;
        }
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions configuration, TimeSpan patience, CancellationToken cancellationToken)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        try
        {
            return await connecting.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Nobody waits for a connection that comes late.
            _ = connecting.ContinueWith(late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Asks the server about itself.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public Task<StoreInfo> GetInfoAsync(CancellationToken cancellationToken = default) => StoreInspection.InspectAsync(this, cancellationToken);

    /// <inheritdoc cref="StoreInspection.IsEvictingAsync"/>
    internal Task<bool> IsEvictingAsync(CancellationToken cancellationToken) => StoreInspection.IsEvictingAsync(this, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
