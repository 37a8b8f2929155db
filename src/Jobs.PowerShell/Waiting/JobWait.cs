using System.Diagnostics;
using Jobs.Core;

namespace Jobs.PowerShell.Waiting;

/// <summary>Asks ever more seldom for jobs until they have ended.</summary>
internal sealed class JobWait
{
    private const int AskedAtOnce = 500;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    // A look at very many keeps the store busy for a part of the time only.
    private const int PauseToLook = 4;
    private readonly List<WaitedJob> _jobs = [];

    public IReadOnlyList<WaitedJob> Jobs => _jobs;

    public void Add(string id) => _jobs.Add(new WaitedJob(id));

    /// <summary>Waits for all, or any, to end. False: the time-out came first.</summary>
    /// <param name="client">Whom to ask.</param>
    /// <param name="timeout">How long; null: as long as it takes.</param>
    /// <param name="any">True: the first is enough.</param>
    /// <param name="looked">Called after each look at the store.</param>
    /// <param name="stopping">Ends the wait by throwing.</param>
    public bool Run(JobClient client, TimeSpan? timeout, bool any, Action looked, CancellationToken stopping)
    {
        var clock = Stopwatch.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            Look(client, stopping);
            var took = Stopwatch.GetElapsedTime(began);
            looked();
            if (any ? _jobs.Exists(job => job.IsOver) : _jobs.TrueForAll(job => job.IsOver)) return true;
            var left = timeout - Stopwatch.GetElapsedTime(clock);
            if (left <= TimeSpan.Zero) return false;
            var rest = took * PauseToLook > pause ? took * PauseToLook : pause;
            if (stopping.WaitHandle.WaitOne(left < rest ? left.Value : rest)) stopping.ThrowIfCancellationRequested();
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
        }
    }

    private void Look(JobClient client, CancellationToken stopping)
    {
        foreach (var open in _jobs.Where(job => !job.IsOver).Chunk(AskedAtOnce))
        {
            var read = client.FindAsync([.. open.Select(job => job.Id)], omitLargeData: true, stopping).WaitAsync(stopping).GetAwaiter().GetResult();
            for (var i = 0; i < open.Length; i++)
                open[i].See(read[i]);
        }
    }
}
