using System.Diagnostics;
using Jobs.Core;
using Jobs.PowerShell.Pools;

namespace Jobs.PowerShell.Waiting;

/// <summary>Waits for pools to end: those of this session by themselves, others by their records in the store.</summary>
internal sealed class PoolWait(Func<JobClient> connect, CancellationToken stopping)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<string, RunningPool?> _open = new(StringComparer.Ordinal);

    /// <summary>Those that have not ended yet.</summary>
    public IEnumerable<string> Open => _open.Keys;

    public void Add(string id, RunningPool? running) => _open[id] = running;

    /// <summary>Waits for all; false: the time-out came first.</summary>
    /// <param name="timeout">How long; null: as long as it takes.</param>
    /// <param name="ended">Called for each that has ended.</param>
    public bool Run(TimeSpan? timeout, Action<string, RunningPool?> ended)
    {
        var clock = Stopwatch.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            foreach (var id in Ended())
            {
                _open.Remove(id, out var running);
                ended(id, running);
            }
            if (_open.Count == 0) return true;
            var left = timeout - Stopwatch.GetElapsedTime(clock);
            if (left <= TimeSpan.Zero) return false;
            if (stopping.WaitHandle.WaitOne(left < pause ? left.Value : pause)) stopping.ThrowIfCancellationRequested();
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
        }
    }

    private List<string> Ended()
    {
        var ended = _open.Where(entry => entry.Value is { Completion.IsCompleted: true }).Select(entry => entry.Key).ToList();
        if (_open.Values.All(running => running is not null)) return ended;
        // A stale pool's process is dead or cut off: there is no end to wait for.
        var alive = connect().GetPoolsAsync(stopping).WaitAsync(stopping).GetAwaiter().GetResult()
            .Where(pool => pool.Status is PoolStatus.Running or PoolStatus.Stopping)
            .Select(pool => pool.Id)
            .ToHashSet(StringComparer.Ordinal);
        ended.AddRange(_open.Where(entry => entry.Value is null && !alive.Contains(entry.Key)).Select(entry => entry.Key));
        return ended;
    }
}
