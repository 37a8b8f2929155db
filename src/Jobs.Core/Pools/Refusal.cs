namespace Jobs.Core.Pools;

/// <summary>Why a claimed job is failed without being run.</summary>
internal static class Refusal
{
    /// <summary>What the store has of it can't be a job: somebody else wrote there.</summary>
    public static JobError Malformed(ScheduledJob job) => new()
    {
        Message = $"Job {job.Id} can't be run as it stands in the store: {job.Defect}. It was changed there by other means than this module's; schedule it anew.",
        Type = "Jobs.Malformed",
        Category = "InvalidData",
        ErrorId = "JobMalformed",
    };

    public static JobError Poison(ScheduledJob job) => new()
    {
        Message = $"Job {job.Id} ({job.Type}) was being run {job.Crashes} times when its pool died or was cut off; it is not tried again.",
        Type = "Jobs.Crashed",
        Category = "ResourceUnavailable",
        ErrorId = "JobCrashed",
    };
}
