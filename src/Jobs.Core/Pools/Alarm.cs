namespace Jobs.Core.Pools;

/// <summary>Rings once after a time of any length: a timer takes at most 49 days, so what is longer is waited for in parts.</summary>
internal sealed class Alarm : IDisposable
{
    private static readonly TimeSpan LongestPart = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly TimeSpan _after;
    private readonly Action _ring;
    private readonly long _set;
    private readonly ITimer _timer;

    public Alarm(TimeProvider time, TimeSpan after, Action ring)
    {
        (_time, _after, _ring, _set) = (time, after, ring, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Part(after), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var left = _after - _time.GetElapsedTime(_set);
        if (left > TimeSpan.Zero) _timer.Change(Part(left), Timeout.InfiniteTimeSpan);
        else _ring();
    }

    private static TimeSpan Part(TimeSpan left) => left < LongestPart ? left : LongestPart;
}
