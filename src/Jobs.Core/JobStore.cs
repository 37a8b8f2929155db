using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>An open connection to a job store: the first door a C# user comes through.</summary>
public sealed class JobStore : IAsyncDisposable
{
    private JobStore(StoreConnection connection, string @namespace) => (Connection, Namespace) = (connection, @namespace);

    internal StoreConnection Connection { get; }

    /// <summary>host:port, never with a password.</summary>
    public string Endpoint => Connection.Endpoint;

    /// <summary>Prefix of all keys.</summary>
    public string Namespace { get; }

    /// <summary>Database number.</summary>
    public int Database => Connection.Database;

    /// <summary>Connects and checks that the store can be used.</summary>
    /// <exception cref="JobsException">StoreUnreachable, StoreAuthenticationFailed, StorePermissionDenied, InvalidConfiguration, InvalidName.</exception>
    public static async Task<JobStore> ConnectAsync(StoreOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate.Name(options.Namespace, "namespace");
        var configuration = StoreAddress.Parse(options);
        var endpoint = StoreAddress.Describe(configuration);
        ConnectionMultiplexer? redis = null;
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            redis = await ConnectionMultiplexer.ConnectAsync(configuration)
                .WaitAsync(options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
            var connection = new StoreConnection(redis, configuration.DefaultDatabase ?? 0, new Keys(options.Namespace), endpoint, time ?? TimeProvider.System);
            // The first script shows whether the user may log in, read and run scripts; nothing is written unless asked.
            var left = options.ConnectTimeout - TimeProvider.System.GetElapsedTime(start);
            await connection.SendAsync(Scripts.GetPools).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (options.Retention is { } retention)
            {
                await connection.SendAsync(Scripts.SetRetention,
                    JobHash.Ms(retention.Finished), JobHash.Ms(retention.Failed), JobHash.Ms(retention.Cancelled), retention.MaxCount).ConfigureAwait(false);
            }
            return new JobStore(connection, options.Namespace);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            if (redis is not null) await redis.DisposeAsync().ConfigureAwait(false);
            throw StoreErrors.Explain(e, endpoint);
        }
    }

    /// <summary>Asks the server about itself.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public Task<StoreInfo> GetInfoAsync(CancellationToken cancellationToken = default) => StoreInspection.InspectAsync(this, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
