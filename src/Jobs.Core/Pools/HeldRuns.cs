using System.Collections.Concurrent;
using Jobs.Core.Redis;

namespace Jobs.Core.Pools;

/// <summary>The runs a pool has claimed and not yet accounted for, and the pace at which they end.</summary>
internal sealed class HeldRuns(PoolContext pool)
{
    /// <summary>Runs claimed ahead should start within so many ms, whatever BatchSize allows: others may be free for them.</summary>
    private const double PrefetchHorizonMs = 50;

    private const int MostAsked = 1_000;

    private readonly ConcurrentDictionary<string, JobRun> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (StopReason Reason, long At)> _asked = new(StringComparer.Ordinal);
    private int _busy;
    private long _processed;
    private long _failed;
    private double _averageMs = -1;
    private double _averageBytes = -1;

    public bool IsEmpty => _runs.IsEmpty;

    public int Busy => Volatile.Read(ref _busy);

    public long Processed => Interlocked.Read(ref _processed);

    public long Failed => Interlocked.Read(ref _failed);

    public IEnumerable<JobRun> All => _runs.Values;

    /// <summary>How many runs may wait for workers.</summary>
    public int Prefetch
    {
        get
        {
            var average = Volatile.Read(ref _averageMs);
            if (average < 0) return 0;
            var within = pool.Options.Workers * PrefetchHorizonMs / Math.Max(average, 0.001);
            // What they leave behind is to be no more than one call takes, too.
            var together = CallSize.Most / Math.Max(Volatile.Read(ref _averageBytes), 1);
            return (int)Math.Min(pool.Options.BatchSize, Math.Min(within, together));
        }
    }

    public JobRun? Find(string id) => _runs.GetValueOrDefault(id);

    public void Add(JobRun run)
    {
        _runs[run.Job.Id] = run;
        if (_asked.TryGetValue(run.Job.Id, out var asked) && asked.At >= run.Claimed) run.Stop(asked.Reason);
    }

    /// <summary>Stops a job's run. The word to stop it may overtake the reply to its claim: it is kept for the run to come.</summary>
    public void Stop(string id, StopReason reason)
    {
        if (_asked.Count >= MostAsked) _asked.Clear();
        _asked[id] = (reason, pool.Time.GetTimestamp());
        Find(id)?.Stop(reason);
    }

    /// <summary>Forgets a run, unless another run of the same job has taken its place.</summary>
    public void Remove(JobRun run) => _runs.TryRemove(new KeyValuePair<string, JobRun>(run.Job.Id, run));

    public void Began() => Interlocked.Increment(ref _busy);

    /// <summary>Notes how much there is to be stored of a run that has ended.</summary>
    public void Weigh(int bytes)
    {
        var average = Volatile.Read(ref _averageBytes);
        Volatile.Write(ref _averageBytes, average < 0 ? bytes : average + (bytes - average) / 16);
    }

    public void Ended(JobRun run, RunOutcome outcome)
    {
        Interlocked.Decrement(ref _busy);
        if (outcome.Kind is RunOutcomeKind.Finished or RunOutcomeKind.Failed) Interlocked.Increment(ref _processed);
        if (outcome.Kind == RunOutcomeKind.Failed) Interlocked.Increment(ref _failed);
        var ms = pool.Time.GetElapsedTime(run.Began, run.Ended).TotalMilliseconds;
        var average = Volatile.Read(ref _averageMs);
        Volatile.Write(ref _averageMs, average < 0 ? ms : average + (ms - average) / 16);
    }
}
