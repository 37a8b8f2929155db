using Jobs.Core;
using Jobs.PowerShell.Schedules;

namespace Jobs.PowerShell;

/// <summary>What an import does to a schedule.</summary>
public enum JobScheduleAction
{
    /// <summary>It is what the file says already.</summary>
    Keep,
    /// <summary>It was not there.</summary>
    Add,
    /// <summary>It was there with another definition.</summary>
    Change,
    /// <summary>The file does not have it: its job is cancelled.</summary>
    Remove,
}

/// <summary>What an import did, or would do, to a schedule.</summary>
public sealed class JobScheduleChange
{
    private readonly ScheduledJob _job;

    internal JobScheduleChange(SchedulePlan plan, string? id, bool isDone)
    {
        _job = plan.Job;
        (Action, UniqueKey, Changes, Id, IsDone) = (plan.Action, plan.Key, plan.Changes, id, isDone);
    }

    /// <summary>What is done to it.</summary>
    public JobScheduleAction Action { get; }

    /// <summary>The schedule's unique key.</summary>
    public string UniqueKey { get; }

    /// <summary>The job's type.</summary>
    public string Type => _job.Type;

    /// <summary>When it runs then, in words; of one that is removed, when it ran.</summary>
    public string Rhythm => Formatting.Rhythm.Of(_job.Every, _job.Cron, _job.TimeZone);

    /// <summary>What of its definition changes: the name, what was, and what is then.</summary>
    public IReadOnlyList<string> Changes { get; }

    /// <summary>The job's id; null: there is none yet.</summary>
    public string? Id { get; }

    /// <summary>False: it is a plan, of -WhatIf.</summary>
    public bool IsDone { get; }
}
