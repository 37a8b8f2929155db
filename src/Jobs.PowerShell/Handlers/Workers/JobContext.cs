using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell;

/// <summary>What a handler knows of its own run: <c>$JobContext</c>.</summary>
public sealed class JobContext
{
    private readonly IRunInfo _run;
    private IReadOnlyList<JobParentInfo>? _parents;

    internal JobContext(IRunInfo run) => _run = run;

    /// <summary>The job's id.</summary>
    public string Id => _run.Job.Id;

    /// <summary>The job's type.</summary>
    public string Type => _run.Job.Type;

    /// <summary>Which attempt this is, counted from 1.</summary>
    public int Attempt => _run.Job.Attempts;

    /// <summary>The job's priority; higher runs first.</summary>
    public int Priority => _run.Job.Priority;

    /// <summary>The queue it came from.</summary>
    public string Queue => _run.Job.Queue;

    /// <summary>When it was due, in local time.</summary>
    public DateTime? Due => (_run.Job.Occurrence ?? _run.Job.Due)?.LocalDateTime;

    /// <summary>When its time-out ends, in local time; null: none.</summary>
    public DateTime? Deadline => _run.Deadline?.LocalDateTime;

    /// <summary>Fires when the run must end: cancelled, timed out, pool stopping, or its lease lost.</summary>
    public CancellationToken CancellationToken => _run.Stopping;

    /// <summary>The pool that runs it.</summary>
    public string PoolId => _run.PoolId;

    /// <summary>The jobs of -After, in that order, with what they put out; read from the store when first asked for.</summary>
    public IReadOnlyList<JobParentInfo> Parents =>
        _parents ??= _run.Job.After.Count == 0 ? [] : [.. _run.ReadParents().Select(parent => new JobParentInfo(parent))];
}
