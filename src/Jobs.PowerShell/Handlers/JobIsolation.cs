namespace Jobs.PowerShell;

/// <summary>What keeps one job's leftovers from the next.</summary>
public enum JobIsolation
{
    /// <summary>The worker's runspace is set back to what it was.</summary>
    Scope,
    /// <summary>Each job has a new runspace.</summary>
    Runspace,
}
