using System.Diagnostics.CodeAnalysis;

namespace Jobs.Core.Pools;

/// <summary>Wakes one waiting loop; signals that come while it is awake count as one, and one that comes after the loop has ended is for nobody.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Signals come at any time; a semaphore without a wait handle holds nothing.")]
internal sealed class Signal
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _set;

    public void Set()
    {
        if (Interlocked.Exchange(ref _set, 1) == 0) _semaphore.Release();
    }

    /// <summary>True when signalled, false when the time has passed.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var milliseconds = (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 0, int.MaxValue);
        if (!await _semaphore.WaitAsync(milliseconds, cancellationToken).ConfigureAwait(false)) return false;
        Volatile.Write(ref _set, 0);
        return true;
    }
}
