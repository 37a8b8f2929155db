namespace Jobs.Core;

/// <summary>Where a job stands. A job is in exactly one of these at any time.</summary>
public enum JobStatus
{
    /// <summary>Held, or waiting for other jobs.</summary>
    Saved,
    /// <summary>Waits for its time: first run, retry or next occurrence.</summary>
    Scheduled,
    /// <summary>Due; waits for a worker.</summary>
    Queued,
    /// <summary>Claimed by a pool under a lease.</summary>
    Executing,
    /// <summary>Ended well.</summary>
    Finished,
    /// <summary>Ended with an error and no retries left.</summary>
    Failed,
    /// <summary>Cancelled by a user, or because a job it waited for did not finish.</summary>
    Cancelled,
}
