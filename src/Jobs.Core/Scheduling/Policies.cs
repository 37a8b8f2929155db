namespace Jobs.Core;

/// <summary>How the delay before a retry grows.</summary>
public enum BackoffKind
{
    /// <summary>Each retry twice as late as the one before, up to the longest delay.</summary>
    Exponential,
    /// <summary>Every retry after the same delay.</summary>
    Fixed,
}

/// <summary>What becomes of a recurring job's times that passed while nothing could run it.</summary>
public enum MissedPolicy
{
    /// <summary>They are skipped: it goes on at its next regular time.</summary>
    Skip,
    /// <summary>It runs once at once, then goes on at its next regular time.</summary>
    RunOnce,
    /// <summary>It runs once for each.</summary>
    RunAll,
}
