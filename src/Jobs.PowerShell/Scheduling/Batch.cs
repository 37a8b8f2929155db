using System.Diagnostics;

namespace Jobs.PowerShell.Scheduling;

/// <summary>Gathers pipeline objects that come fast, and lets those that come slowly through at once. What must not stay here while none come goes through an <see cref="Outbox{T, TAnswer}"/>.</summary>
internal sealed class Batch<T>(int size)
{
    private static readonly TimeSpan LongestStay = TimeSpan.FromMilliseconds(50);
    private long _lastSent;

    public List<T> Items { get; private set; } = [];

    /// <summary>Adds an item; true: it is time to send.</summary>
    public bool Add(T item)
    {
        Items.Add(item);
        return Items.Count >= size || Stopwatch.GetElapsedTime(_lastSent) > LongestStay;
    }

    public bool IsFull => Items.Count >= size;

    /// <summary>Hands the items over and begins anew.</summary>
    public List<T> Take()
    {
        var taken = Items;
        Items = new List<T>(Math.Min(size, Math.Max(4, taken.Count)));
        _lastSent = Stopwatch.GetTimestamp();
        return taken;
    }
}
