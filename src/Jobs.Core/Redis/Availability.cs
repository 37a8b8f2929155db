namespace Jobs.Core.Redis;

/// <summary>Whether the store answers, as its callers find it: the first answer after an outage wakes all who wait to try again.</summary>
internal sealed class Availability(TimeProvider time)
{
    private TaskCompletionSource _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAway;

    /// <summary>A call was not answered, or the store says that it can't work just now.</summary>
    public void Failed() => _isAway = true;

    /// <summary>A call was answered.</summary>
    public void Answered()
    {
        if (_isAway) Back();
    }

    /// <summary>The store is there again.</summary>
    public void Back()
    {
        _isAway = false;
        Interlocked.Exchange(ref _back, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Waits for the store to be back, but not longer than given: then it is time to see for oneself. Ends early, too, when cancelled.</summary>
    public async Task PauseAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        await Volatile.Read(ref _back).Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
