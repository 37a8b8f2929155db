using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Runs scripts against one namespace of one database: the only way to its data.</summary>
internal sealed class StoreConnection : IAsyncDisposable
{
    /// <summary>A user is told within five seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly IConnectionMultiplexer _redis;
    private readonly BulkConnection _bulk;
    private readonly Availability _availability;
    private volatile StoreRights _rights = StoreRights.Unlimited;
    private volatile string _user = "default";

    public StoreConnection(IConnectionMultiplexer redis, ConfigurationOptions configuration, Keys keys, string endpoint, TimeProvider time)
    {
        (_redis, Keys, Endpoint, Time) = (redis, keys, endpoint, time);
        Database = configuration.DefaultDatabase ?? 0;
        _bulk = new BulkConnection(configuration, time);
        _availability = new Availability(time);
        redis.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive) _availability.Back();
        };
        // What took one connection took the other; of that one it may show only when its patience ends.
        redis.ConnectionFailed += (_, failed) =>
        {
            if (failed.ConnectionType == ConnectionType.Interactive) _bulk.Reset();
        };
    }

    public Keys Keys { get; }

    public string Endpoint { get; }

    public int Database { get; }

    public TimeProvider Time { get; }

    public IConnectionMultiplexer Redis => _redis;

    public ISubscriber Subscriber => _redis.GetSubscriber();

    /// <summary>What the user may not do, as last asked.</summary>
    public StoreRights Rights => _rights;

    /// <summary>Logs in: who is the user, and what may it do? Nothing is written.</summary>
    /// <param name="asked">The user that was asked for.</param>
    /// <exception cref="JobsException">StoreAuthenticationFailed: the server took no notice of the user. StorePermissionDenied: it may not run scripts here. StoreLayoutNotSupported.</exception>
    public async Task OpenAsync(string? asked)
    {
        // The client changes databases by itself, and passes over a refusal: what follows would go to another database.
        if (Database > 0) await _redis.GetDatabase(Database).ExecuteAsync("SELECT", Database).ConfigureAwait(false);
        var rights = AskRightsAsync();
        var layout = SendAsync(Scripts.GetLayout);
        if (await WhoAmIAsync().ConfigureAwait(false) is { } user)
        {
            // A server whose default user has no password takes connections that failed to log in for that user's.
            if (!string.IsNullOrEmpty(asked) && user != asked)
                throw new JobsException(JobsError.StoreAuthenticationFailed, $"The job store at {Endpoint} refused the user '{asked}' or the password: the connection is the user '{user}' there. Check the credential.") { Target = Endpoint };
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
            throw StoreRights.NoScripts(_user, Keys, Endpoint, e);
        }
        if (_rights.Allow(Scripts.GetLayout)) Layout.Check(await layout.ConfigureAwait(false), Keys, Endpoint);
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
        if (!IsAllowed()) throw _rights.Refusal(scripts, listens, _user, Keys, Endpoint);

        bool IsAllowed() => scripts.All(_rights.Allow) && (!listens || _rights.AllowListening);
    }

    /// <summary>
    /// Runs a script once, as fast as can be. Throws what StackExchange.Redis throws: for the pool's own loops, which
    /// decide themselves when to try again.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="bytes">What it may carry, there or back, where that can be much: it then goes by a connection of its own, and has time for it.</param>
    /// <exception cref="JobsException">StorePermissionDenied: it was not sent.</exception>
    public async Task<RedisResult> SendAsync(Script script, RedisKey[] keys, RedisValue[] arguments, long bytes = 0)
    {
        if (!_rights.Allow(script)) await DemandAsync([script]).ConfigureAwait(false);
        try
        {
            var result = bytes <= CallSize.Small
                ? await EvaluateAsync(_redis, script, keys, arguments).ConfigureAwait(false)
                : await _bulk.SendAsync(bytes, redis => EvaluateAsync(redis, script, keys, arguments)).ConfigureAwait(false);
            _availability.Answered();
            return result;
        }
        catch (Exception e) when (StoreErrors.IsTransient(e))
        {
            _availability.Failed();
            throw;
        }
    }

    /// <inheritdoc cref="SendAsync(Script, RedisKey[], RedisValue[], long)"/>
    public Task<RedisResult> SendAsync(Script script, params RedisValue[] arguments) => SendAsync(script, Keys.Fixed, arguments);

    /// <inheritdoc cref="BulkConnection.Room"/>
    public int Room => _bulk.Room;

    /// <inheritdoc cref="BulkConnection.Passed"/>
    public void Passed(long bytes, TimeSpan time) => _bulk.Passed(bytes, time);

    /// <summary>How long so many bytes may take on the way to the store.</summary>
    public TimeSpan TimeFor(long bytes) => _bulk.TimeFor(bytes);

    /// <inheritdoc cref="Availability.PauseAsync"/>
    public Task PauseAsync(TimeSpan atMost, CancellationToken cancellationToken) => _availability.PauseAsync(atMost, cancellationToken);

    /// <summary>
    /// Runs a script for a user: sent again while the store is out of reach for a moment (every script may be), then
    /// explained.
    /// </summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public Task<RedisResult> RunAsync(Script script, RedisValue[] arguments, CancellationToken cancellationToken, long bytes = 0) =>
        PersistAsync(() => SendAsync(script, Keys.Fixed, arguments, bytes), cancellationToken, bytes);

    /// <summary>Makes a call for a user, again while the store is out of reach for a moment, then explains.</summary>
    /// <exception cref="JobsException">StoreUnreachable and the other Store… errors.</exception>
    public async Task<T> PersistAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken, long bytes = 0)
    {
        var start = Time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // Megabytes take their time: they are not sent again while they are on their way.
                var left = Patience - Time.GetElapsedTime(start) + (bytes > CallSize.Small ? TimeFor(bytes) : TimeSpan.Zero);
                return await call().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, Time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                if (!StoreErrors.IsTransient(e) || Time.GetElapsedTime(start) + pause >= Patience) throw StoreErrors.Explain(e, Endpoint);
            }
            await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="PersistAsync{T}"/>
    public Task PersistAsync(Func<Task> call, CancellationToken cancellationToken) => PersistAsync(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private async Task<RedisResult> EvaluateAsync(IConnectionMultiplexer redis, Script script, RedisKey[] keys, RedisValue[] arguments)
    {
        var database = redis.GetDatabase(Database);
        try
        {
            return await database.ScriptEvaluateAsync(script.Hash, keys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(script.Text, keys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (StoreErrors.IsPermission(e) && script != Scripts.CheckRights)
        {
            // A right was taken away since it was asked for: the next call is refused before it is sent.
            await AskRightsAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bulk.DisposeAsync().ConfigureAwait(false);
        // Without a farewell: a store that is gone does not answer it.
        await _redis.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        await _redis.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AskRightsAsync() =>
        _rights = StoreRights.Read(await SendAsync(Scripts.CheckRights, StoreRights.Asked).ConfigureAwait(false));

    /// <summary>Null where the user may not ask.</summary>
    private async Task<string?> WhoAmIAsync()
    {
        try
        {
            return (string?)await _redis.GetDatabase(Database).ExecuteAsync("ACL", "WHOAMI").ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException)
        {
            return null;
        }
    }
}
