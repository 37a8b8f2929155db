using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Runs scripts against one namespace of one database: the only way to its data.</summary>
internal sealed class StoreConnection(IConnectionMultiplexer redis, int database, Keys keys, string endpoint, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A user is told within five seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly IDatabase _database = redis.GetDatabase(database);

    public Keys Keys => keys;

    public string Endpoint => endpoint;

    public int Database => database;

    public TimeProvider Time => time;

    public IConnectionMultiplexer Redis => redis;

    public ISubscriber Subscriber => redis.GetSubscriber();

    /// <summary>
    /// Runs a script once, as fast as can be. Throws what StackExchange.Redis throws: for the pool's own loops, which
    /// decide themselves when to try again.
    /// </summary>
    public async Task<RedisResult> SendAsync(Script script, RedisKey[] scriptKeys, params RedisValue[] arguments)
    {
        try
        {
            return await _database.ScriptEvaluateAsync(script.Hash, scriptKeys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await _database.ScriptEvaluateAsync(script.Text, scriptKeys, arguments).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="SendAsync(Script, RedisKey[], RedisValue[])"/>
    public Task<RedisResult> SendAsync(Script script, params RedisValue[] arguments) => SendAsync(script, keys.Fixed, arguments);

    /// <summary>
    /// Runs a script for a user: sent again while the store is out of reach for a moment (every script may be), then
    /// explained.
    /// </summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public async Task<RedisResult> RunAsync(Script script, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause *= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var left = Patience - time.GetElapsedTime(start);
                return await SendAsync(script, keys.Fixed, arguments).WaitAsync(left, time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                if (!StoreErrors.IsTransient(e) || time.GetElapsedTime(start) + pause >= Patience) throw StoreErrors.Explain(e, endpoint);
            }
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await redis.DisposeAsync().ConfigureAwait(false);
}
