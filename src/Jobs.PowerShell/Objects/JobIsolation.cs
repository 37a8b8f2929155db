namespace Jobs.PowerShell;

/// <summary>What separates the jobs of a type from each other.</summary>
public enum JobIsolation
{
    /// <summary>A scope of their own in a worker's runspace.</summary>
    Scope,
    /// <summary>A fresh runspace each.</summary>
    Runspace,
    /// <summary>A pwsh process each.</summary>
    Process,
}
