using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>Why a job does not run, in words: what it waits for.</summary>
internal static class WaitReason
{
    private const int MostParents = 3;

    /// <summary>Null for a job that is executing or has ended.</summary>
    public static string? Of(ScheduledJob job, StoreSituation store) => job.Status switch
    {
        JobStatus.Saved => string.Join("; ", [.. Parents(job, store), .. job.IsHeld ? ["release: it is held"] : (string[])[]]),
        JobStatus.Scheduled => OfScheduled(job, store),
        JobStatus.Queued => OfQueued(job, store),
        _ => null,
    };

    private static string OfScheduled(ScheduledJob job, StoreSituation store)
    {
        var left = job.Due - store.Now;
        // Its time has come: whoever could run it would have queued it.
        if (left is not { } time || time <= TimeSpan.Zero) return OfQueued(job, store);
        var retries = job.Retries - job.RetriesLeft;
        return (retries > 0 ? $"retry {retries} of {job.Retries}" : "its time") + ", in " + Words(time);
    }

    private static string OfQueued(ScheduledJob job, StoreSituation store)
    {
        bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
        var type = store.Types.FirstOrDefault(known => Is(known.Name, job.Type));
        if (type is { IsPaused: true }) return $"type {type.Name}, which is suspended";
        var alive = store.Pools.Where(pool => pool.Status == PoolStatus.Running).ToList();
        if (alive.Count == 0) return "a pool: none is running";
        var running = alive.FindAll(pool => pool.Types.Any(name => Is(name, job.Type)));
        if (running.Count == 0) return $"a pool that runs type '{job.Type}'";
        var serving = running.FindAll(pool => pool.Queues.Any(name => Is(name, job.Queue)));
        if (serving.Count == 0) return $"a pool that serves queue '{job.Queue}'";
        var executing = type?.Counts.GetValueOrDefault(JobStatus.Executing) ?? 0;
        if (type?.MaxConcurrency is { } limit && executing >= limit) return $"type {type.Name} has its {limit} running";
        // What pools said of themselves is some seconds old; what executes is not.
        var free = Math.Min(serving.Sum(pool => pool.Workers - pool.Busy), alive.Sum(pool => pool.Workers) - store.Types.Sum(known => known.Counts.GetValueOrDefault(JobStatus.Executing)));
        if (free > 0) return type?.RateLimit is { } rate ? $"its turn: type {type.Name} starts at most {rate.Count} in {Words(rate.Window)}" : "its turn";
        return serving.Count == 1 ? $"a worker: pool {serving[0].Name} is busy" : $"a worker: {serving.Count} pools are busy";
    }

    private static IEnumerable<string> Parents(ScheduledJob job, StoreSituation store)
    {
        if (job.After.Count == 0) return [];
        var open = store.Find(job.After).OfType<ScheduledJob>().Where(parent => parent.Status is not (JobStatus.Finished or JobStatus.Failed or JobStatus.Cancelled)).ToList();
        return
        [
            .. open.Take(MostParents).Select(parent => $"{parent.Id} ({parent.Type})"),
            .. open.Count > MostParents ? [$"{open.Count - MostParents} more"] : (string[])[],
        ];
    }

    private static string Words(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{Math.Ceiling(time.TotalSeconds):0} s",
        { TotalMinutes: < 60 } => $"{Math.Round(time.TotalMinutes):0} min",
        { TotalHours: < 48 } => $"{Math.Round(time.TotalHours):0} h",
        _ => $"{Math.Round(time.TotalDays):N0} days",
    };
}
