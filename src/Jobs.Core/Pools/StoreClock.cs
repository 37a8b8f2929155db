using Jobs.Core.Redis;

namespace Jobs.Core.Pools;

/// <summary>The store's time, carried on by this machine's monotonic clock; its wall clock plays no part.</summary>
internal sealed class StoreClock(TimeProvider time)
{
    private sealed record Reading(long StoreMs, long Timestamp);

    /// <summary>After so long a reading gives way to any other: clocks drift, and may be set.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private volatile Reading _last = new(time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());
    private volatile bool _isSet;

    public DateTimeOffset Now => At(time.GetTimestamp());

    /// <summary>
    /// Takes the time that an answer brings. It is late by the answer's way here, so of two readings the later time is the better one: moments
    /// then keep their order also when one answer was held up.
    /// </summary>
    public void Set(long storeMs)
    {
        var timestamp = time.GetTimestamp();
        if (_isSet && JobHash.Instant(storeMs) < At(timestamp) && time.GetElapsedTime(_last.Timestamp, timestamp) < Freshness) return;
        _last = new Reading(storeMs, timestamp);
        _isSet = true;
    }

    /// <summary>The store's time at a moment of this machine's monotonic clock.</summary>
    public DateTimeOffset At(long timestamp)
    {
        var last = _last;
        return JobHash.Instant(last.StoreMs) + time.GetElapsedTime(last.Timestamp, timestamp);
    }
}
