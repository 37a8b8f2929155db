namespace Jobs.Core;

/// <summary>How the delay before a retry grows.</summary>
public enum BackoffKind
{
    /// <summary>Each retry twice as late as the one before, up to the longest delay.</summary>
    Exponential,
    /// <summary>Every retry after the same delay.</summary>
    Fixed,
}

/// <summary>What scheduling does with an unfinished job that has the unique key.</summary>
public enum ExistingJob
{
    /// <summary>It stays as it is.</summary>
    Keep,
    /// <summary>It is an error (JobExists).</summary>
    Refuse,
    /// <summary>It gets the new definition; an executing one when its run has ended. A recurrence that stays as it is keeps its next time, unless one is given.</summary>
    Update,
}

/// <summary>What becomes of a recurring job's times that passed while nothing could run it.</summary>
public enum MissedPolicy
{
    /// <summary>They are skipped: it goes on at its next regular time. What passed while a pool was there but busy runs once, late; and no job is put off twice in a row.</summary>
    Skip,
    /// <summary>It runs once at once, then goes on at its next regular time.</summary>
    RunOnce,
    /// <summary>It runs once for each.</summary>
    RunAll,
}
