using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Runs scripts against one namespace of one database: the only way to its data.</summary>
internal sealed class StoreConnection(IConnectionMultiplexer redis, int database, Keys keys, string endpoint, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A user is told within five seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly IDatabase _database = redis.GetDatabase(database);
    private volatile StoreRights _rights = StoreRights.Unlimited;
    private volatile string _user = "default";

    public Keys Keys => keys;

    public string Endpoint => endpoint;

    public int Database => database;

    public TimeProvider Time => time;

    public IConnectionMultiplexer Redis => redis;

    public ISubscriber Subscriber => redis.GetSubscriber();

    /// <summary>What the user may not do, as last asked.</summary>
    public StoreRights Rights => _rights;

    /// <summary>Logs in: who is the user, and what may it do? Nothing is written.</summary>
    /// <param name="asked">The user that was asked for.</param>
    /// <exception cref="JobsException">StoreAuthenticationFailed: the server took no notice of the user. StorePermissionDenied: it may not run scripts here.</exception>
    public async Task OpenAsync(string? asked)
    {
        // The client changes databases by itself, and passes over a refusal: what follows would go to another database.
        if (database > 0) await _database.ExecuteAsync("SELECT", database).ConfigureAwait(false);
        var rights = AskRightsAsync();
        if (await WhoAmIAsync().ConfigureAwait(false) is { } user)
        {
            // A server whose default user has no password takes connections that failed to log in for that user's.
            if (!string.IsNullOrEmpty(asked) && user != asked)
                throw new JobsException(JobsError.StoreAuthenticationFailed, $"The job store at {endpoint} refused the user '{asked}' or the password: the connection is the user '{user}' there. Check the credential.") { Target = endpoint };
            _user = user;
        }
        else if (!string.IsNullOrEmpty(asked))
        {
            _user = asked;
        }
        try
        {
            await rights.ConfigureAwait(false);
        }
        catch (RedisServerException e) when (StoreErrors.IsPermission(e))
        {
            throw StoreRights.NoScripts(_user, keys, endpoint, e);
        }
    }

    /// <summary>Asks again what the user may do.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken) =>
        _rights = StoreRights.Read(await RunAsync(Scripts.CheckRights, StoreRights.Asked, cancellationToken).ConfigureAwait(false));

    /// <summary>Refuses what would be refused in the middle.</summary>
    /// <exception cref="JobsException">StorePermissionDenied.</exception>
    public async Task DemandAsync(IReadOnlyCollection<Script> scripts, bool listens = false)
    {
        if (IsAllowed()) return;
        // More may have been granted since.
        await AskRightsAsync().ConfigureAwait(false);
        if (!IsAllowed()) throw _rights.Refusal(scripts, listens, _user, keys, endpoint);

        bool IsAllowed() => scripts.All(_rights.Allow) && (!listens || _rights.AllowListening);
    }

    /// <summary>
    /// Runs a script once, as fast as can be. Throws what StackExchange.Redis throws: for the pool's own loops, which
    /// decide themselves when to try again.
    /// </summary>
    /// <exception cref="JobsException">StorePermissionDenied: it was not sent.</exception>
    public async Task<RedisResult> SendAsync(Script script, RedisKey[] scriptKeys, params RedisValue[] arguments)
    {
        if (!_rights.Allow(script)) await DemandAsync([script]).ConfigureAwait(false);
        try
        {
            return await _database.ScriptEvaluateAsync(script.Hash, scriptKeys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await _database.ScriptEvaluateAsync(script.Text, scriptKeys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (StoreErrors.IsPermission(e) && script != Scripts.CheckRights)
        {
            // A right was taken away since it was asked for: the next call is refused before it is sent.
            await AskRightsAsync().ConfigureAwait(false);
            throw;
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

    private async Task AskRightsAsync() =>
        _rights = StoreRights.Read(await SendAsync(Scripts.CheckRights, StoreRights.Asked).ConfigureAwait(false));

    /// <summary>Null where the user may not ask.</summary>
    private async Task<string?> WhoAmIAsync()
    {
        try
        {
            return (string?)await _database.ExecuteAsync("ACL", "WHOAMI").ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException)
        {
            return null;
        }
    }
}
