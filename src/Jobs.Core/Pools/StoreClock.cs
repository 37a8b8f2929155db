using Jobs.Core.Redis;

namespace Jobs.Core.Pools;

/// <summary>The store's time, carried on by this machine's monotonic clock; its wall clock plays no part.</summary>
internal sealed class StoreClock(TimeProvider time)
{
    private sealed record Reading(long StoreMs, long Timestamp);

    private volatile Reading _last = new(time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());

    public DateTimeOffset Now => At(time.GetTimestamp());

    public void Set(long storeMs) => _last = new Reading(storeMs, time.GetTimestamp());

    /// <summary>The store's time at a moment of this machine's monotonic clock.</summary>
    public DateTimeOffset At(long timestamp)
    {
        var last = _last;
        return JobHash.Instant(last.StoreMs) + time.GetElapsedTime(last.Timestamp, timestamp);
    }
}
