namespace Jobs.Tests.Model;

/// <summary>The state machine in memory: what each operation must answer, and what it must leave.</summary>
internal sealed class ModelStore
{
    public const int CrashesThatFail = 3;

    private readonly Dictionary<string, ModelJob> _jobs = new(StringComparer.Ordinal);
    private int _seq;

    public IReadOnlyCollection<ModelJob> Jobs => _jobs.Values;

    public ModelJob? Find(string id) => _jobs.GetValueOrDefault(id);

    public ModelJob? Holder(string? unique) => unique is null ? null : _jobs.Values.FirstOrDefault(job => job.Unique == unique && !job.HasEnded);

    /// <summary>Status of the job, or the id of the unfinished one that has its key.</summary>
    public string Schedule(string id, string type, int priority, bool later, bool hold, bool recurs, int retries, string? unique, string? parent, bool any)
    {
        _seq++;
        if (_jobs.TryGetValue(id, out var known)) return known.Status;
        if (Holder(unique) is { } holder) return holder.Id;
        var job = new ModelJob { Id = id, Type = type, Seq = _seq, Priority = priority, IsDue = !later, Hold = hold, Recurs = recurs, Retries = retries, Unique = unique, Parent = parent, AfterAny = any };
        _jobs[id] = job;
        if (parent is not null && _jobs[parent] is { Status: not "finished" } waited)
        {
            if (!waited.HasEnded) job.Waits.Add(parent);
            else if (!any) job.Status = "cancelled";
        }
        if (job.Status != "cancelled") job.Status = hold || job.Waits.Count > 0 ? "saved" : later ? "scheduled" : "queued";
        return job.Status;
    }

    /// <summary>The jobs claimed, best first.</summary>
    public IReadOnlyList<ModelJob> Claim(int wanted)
    {
        foreach (var job in _jobs.Values.Where(job => job is { Status: "scheduled", IsDue: true })) job.Status = "queued";
        var claimed = _jobs.Values.Where(job => job.Status == "queued").OrderByDescending(job => job.Priority).ThenBy(job => job.Seq).Take(wanted).ToList();
        foreach (var job in claimed) (job.Status, job.Fence) = ("executing", job.Fence + 1);
        return claimed;
    }

    /// <summary>The end of a run: finished, failed (to be retried at once, where retries are left), refused (never to be retried) or released.</summary>
    public string End(string id, int fence, string how)
    {
        if (Find(id) is not { } job) return "gone";
        if (job.Fence != fence) return "stale";
        if (job.Status != "executing")
        {
            if (job.Lapsed != fence) return job.Status; // its outcome is known
            if (job.Status != "queued") return "stale";
            (job.Lapsed, job.Crashes) = (null, job.Crashes - 1);
        }
        if (how == "released") job.Base++;
        if (ApplyRequests(job)) return job.Status;
        var retry = how == "failed" && job.Retried < job.Retries;
        if (how == "released")
        {
            WaitAgain(job, due: true);
        }
        else if (retry)
        {
            job.Retried++;
            WaitAgain(job, due: true);
        }
        else if (job.Recurs)
        {
            StartOver(job);
            WaitAgain(job, due: false);
        }
        else
        {
            EndForGood(job, how == "finished" ? "finished" : "failed");
        }
        return job.Status;
    }

    /// <summary>Leases end and are reaped. The jobs that crashed too often are claimed by the reaper, to be failed.</summary>
    public IReadOnlyList<ModelJob> Lapse(IReadOnlyCollection<string> ids)
    {
        var poison = new List<ModelJob>();
        foreach (var job in ids.Select(id => _jobs[id]))
        {
            job.Crashes++;
            if (job.Crashes >= CrashesThatFail && !job.Cancel)
            {
                (job.Fence, job.Base) = (job.Fence + 1, job.Base + 1);
                poison.Add(job);
            }
            else if (job.Cancel || job.Hold || job.Resched is not null)
            {
                (job.Fence, job.Base) = (job.Fence + 1, job.Base + 1);
                if (!ApplyRequests(job)) WaitAgain(job, due: true);
            }
            else
            {
                (job.Status, job.Lapsed) = ("queued", job.Fence);
            }
        }
        return poison;
    }

    public string Cancel(string id)
    {
        if (Find(id) is not { } job) return "missing";
        if (job.Status == "cancelled") return "done";
        if (job.HasEnded) return "ended";
        if (job.Status == "executing")
        {
            job.Cancel = true;
            return "recorded";
        }
        EndForGood(job, "cancelled");
        return "done";
    }

    public string Hold(string id)
    {
        if (Find(id) is not { } job) return "missing";
        if (job.HasEnded) return "ended";
        job.Hold = true;
        if (job.Status == "executing") return "recorded";
        job.Status = "saved";
        return "done";
    }

    public string Resume(string id)
    {
        if (Find(id) is not { } job) return "missing";
        if (job.HasEnded) return "ended";
        job.Hold = false;
        if (job.Status == "executing") return "recorded";
        if (job.Status == "saved" && job.Waits.Count == 0) WaitAgain(job, job.IsDue);
        return "done";
    }

    public string Reschedule(string id, bool later)
    {
        if (Find(id) is not { } job) return "missing";
        if (job.HasEnded) return "ended";
        if (job.Status == "executing")
        {
            job.Resched = !later;
            return "recorded";
        }
        job.IsDue = !later;
        if (job.Status != "saved") WaitAgain(job, job.IsDue);
        return "done";
    }

    public string Restart(string id)
    {
        if (Find(id) is not { } job) return "missing";
        if (!job.HasEnded) return "unfinished";
        if (Holder(job.Unique) is { } holder) return "taken " + holder.Id;
        job.Lapsed = null;
        StartOver(job);
        if (job.Parent is not null && Find(job.Parent) is { HasEnded: false })
        {
            job.Waits.Add(job.Parent);
            (job.Status, job.IsDue) = ("saved", true);
        }
        else if (job.Parent is not null && Find(job.Parent) is { Status: not "finished" } && !job.AfterAny)
        {
            EndForGood(job, "cancelled");
        }
        else
        {
            WaitAgain(job, due: true);
        }
        return "done";
    }

    public string Destroy(string id, bool force)
    {
        if (Find(id) is not { } job) return "missing";
        if (job.Status == "executing" && !force) return "executing";
        _jobs.Remove(id);
        Settle(job, "removed");
        return "done";
    }

    public string SetPriority(string id, int priority)
    {
        if (Find(id) is not { } job) return "missing";
        if (job.HasEnded) return "ended";
        job.Priority = priority;
        return job.Status == "executing" ? "recorded" : "done";
    }

    /// <summary>What waits for its time is due.</summary>
    public void Pass()
    {
        foreach (var job in _jobs.Values.Where(job => job.Status == "scheduled")) job.IsDue = true;
    }

    private bool ApplyRequests(ModelJob job)
    {
        if (job.Cancel)
        {
            EndForGood(job, "cancelled");
        }
        else if (job.Resched is { } due)
        {
            job.Resched = null;
            StartOver(job);
            WaitAgain(job, due);
        }
        else
        {
            return false;
        }
        return true;
    }

    private static void StartOver(ModelJob job) => (job.Base, job.Retried, job.Crashes) = (job.Fence, 0, 0);

    private static void WaitAgain(ModelJob job, bool due)
    {
        job.IsDue = due;
        job.Status = job.Hold ? "saved" : due ? "queued" : "scheduled";
    }

    private void EndForGood(ModelJob job, string status)
    {
        (job.Status, job.Cancel, job.Hold, job.Resched) = (status, false, false, null);
        job.Waits.Clear();
        Settle(job, status);
    }

    private void Settle(ModelJob parent, string status)
    {
        foreach (var child in _jobs.Values.Where(job => job.Waits.Contains(parent.Id)).ToList())
        {
            if (status == "finished" || child.AfterAny)
            {
                child.Waits.Remove(parent.Id);
                if (child.Waits.Count == 0 && !child.Hold) WaitAgain(child, child.IsDue);
            }
            else
            {
                EndForGood(child, "cancelled");
            }
        }
    }
}
