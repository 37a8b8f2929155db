namespace Jobs.PowerShell;

/// <summary>What keeps one job's leftovers from the next.</summary>
public enum JobIsolation
{
    /// <summary>The worker's runspace is set back to what it was.</summary>
    Scope,
    /// <summary>Each job has a new runspace.</summary>
    Runspace,
    /// <summary>Each job has a PowerShell process of its own: what crashes or ends that process fails the job, not the pool.</summary>
    Process,
}
