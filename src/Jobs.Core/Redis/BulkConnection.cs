using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>
/// A second connection, for calls of many bytes, opened when the first of them comes: heartbeats, wake-ups and small questions do not wait behind megabytes
/// on a slow link. Calls are made as large as the link passes in half a second. Each has time in proportion to its bytes and those ahead of it; one that takes
/// longer ends the connection, and with it what is still on its way, and the link counts as slower from then on: what is sent again gets through at last.
/// </summary>
internal sealed class BulkConnection : IAsyncDisposable
{
    private const double SlowestLink = 16 << 10;
    private const double UsualLink = 256 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConfigurationOptions _configuration;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _redis;
    private long _underWay;
    private double _bytesPerSecond = 2 * CallSize.Most;
    private bool _isDisposed;

    public BulkConnection(ConfigurationOptions configuration, TimeProvider time)
    {
        _configuration = configuration.Clone();
        // Patience is counted here, by the call's size.
        _configuration.AsyncTimeout = _configuration.SyncTimeout = (int)TimeSpan.FromHours(1).TotalMilliseconds;
        _time = time;
    }

    /// <summary>How many bytes are put together for a call, there or back.</summary>
    public int Room => (int)Math.Clamp(Volatile.Read(ref _bytesPerSecond) / 2, CallSize.Small, CallSize.Most);

    /// <summary>How long so many bytes may take, those under way included.</summary>
    public TimeSpan TimeFor(long bytes) =>
        Patience + TimeSpan.FromSeconds((Interlocked.Read(ref _underWay) + bytes) / Math.Min(Volatile.Read(ref _bytesPerSecond) / 2, UsualLink));

    /// <summary>Learns how fast the link is; by what is small it can't be told.</summary>
    public void Passed(long bytes, TimeSpan time)
    {
        if (bytes > CallSize.Small) Volatile.Write(ref _bytesPerSecond, Math.Max(bytes / Math.Max(time.TotalSeconds, 0.001), SlowestLink));
    }

    /// <summary>Makes a call of so many bytes, there and back.</summary>
    /// <exception cref="TimeoutException">It took longer than it should.</exception>
    public async Task<RedisResult> SendAsync(long bytes, Func<IConnectionMultiplexer, Task<RedisResult>> call)
    {
        var patience = TimeFor(bytes);
        Interlocked.Add(ref _underWay, bytes);
        var redis = Open();
        try
        {
            return await CallAsync(redis, call).WaitAsync(patience, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref _bytesPerSecond, Math.Max(Math.Min(_bytesPerSecond, UsualLink) / 2, SlowestLink));
            Close(redis);
            throw;
        }
        finally
        {
            Interlocked.Add(ref _underWay, -bytes);
        }
    }

    private static async Task<RedisResult> CallAsync(Task<ConnectionMultiplexer> redis, Func<IConnectionMultiplexer, Task<RedisResult>> call) =>
        await call(await redis.ConfigureAwait(false)).ConfigureAwait(false);

    private Task<ConnectionMultiplexer> Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _redis is null or { IsFaulted: true } ? _redis = ConnectionMultiplexer.ConnectAsync(_configuration) : _redis;
        }
    }

    /// <summary>Ends what is under way: the next call opens a new connection.</summary>
    public void Reset()
    {
        if (Volatile.Read(ref _redis) is { } redis) Close(redis);
    }

    private void Close(Task<ConnectionMultiplexer> redis)
    {
        // Another call may have done so before.
        if (Interlocked.CompareExchange(ref _redis, null, redis) == redis) _ = CloseAsync(redis);
    }

    private static async Task CloseAsync(Task<ConnectionMultiplexer> redis)
    {
        await ((Task)redis).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!redis.IsCompletedSuccessfully) return;
        var connection = await redis.ConfigureAwait(false);
        await connection.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? redis;
        lock (_gate)
        {
            _isDisposed = true;
            (redis, _redis) = (_redis, null);
        }
        if (redis is not null) await CloseAsync(redis).ConfigureAwait(false);
    }
}
