using System.Reflection;

namespace Jobs.Core.Redis;

/// <summary>All scripts, and what their callers pass.</summary>
internal static class Scripts
{
    public static readonly Script ScheduleJobs = new("schedule_jobs", 1, takesMore: true);
    public static readonly Script PopNextJobs = new("pop_next_jobs", 7, takesMore: true);
    public static readonly Script FinishJobs = new("finish_jobs", 0, takesMore: true);
    public static readonly Script RetryOrFailJob = new("retry_or_fail_job", 0, takesMore: true);
    public static readonly Script ReleaseJobs = new("release_jobs", 0, takesMore: true);
    public static readonly Script Heartbeat = new("heartbeat", 3, takesMore: true);
    public static readonly Script PurgeStalePool = new("purge_stale_pool", 6);
    public static readonly Script SettleChildren = new("settle_children", 1);
    public static readonly Script ReportJobs = new("report_jobs", 0, takesMore: true);
    public static readonly Script SetJobStatus = new("set_job_status", 2, takesMore: true);
    public static readonly Script AddJobToSet = new("add_job_to_set", 2, takesMore: true);
    public static readonly Script SetJobField = new("set_job_field", 5, takesMore: true);
    public static readonly Script DestroyJob = new("destroy_job", 1, takesMore: true);
    public static readonly Script ClearHistory = new("clear_history", 5, takesMore: true);
    public static readonly Script GetJobsByIds = new("get_jobs_by_ids", 3, takesMore: true);
    public static readonly Script GetJobDetails = new("get_job_details", 4);
    public static readonly Script GetParents = new("get_parents", 1, takesMore: true);
    public static readonly Script QueryJobs = new("query_jobs", 11, takesMore: true);
    public static readonly Script GetSummary = new("get_summary", 1);
    public static readonly Script PublishTypes = new("publish_types", 1, takesMore: true);
    public static readonly Script GetTypes = new("get_types", 0, takesMore: true);
    public static readonly Script PauseType = new("pause_type", 2);
    public static readonly Script GetPools = new("get_pools", 0);
    public static readonly Script StopPool = new("stop_pool", 3);
    public static readonly Script SetRetention = new("set_retention", 4);
    public static readonly Script GetLayout = new("get_layout", 0);
    public static readonly Script CheckRights = new("check_rights", 0, takesMore: true);

    public static IReadOnlyCollection<Script> All =>
        [.. typeof(Scripts).GetFields(BindingFlags.Public | BindingFlags.Static).Select(known => (Script)known.GetValue(null)!)];

    /// <summary>What every pool sends, whatever its jobs do.</summary>
    public static IReadOnlyCollection<Script> OfPools { get; } =
        [PublishTypes, PopNextJobs, FinishJobs, RetryOrFailJob, ReleaseJobs, Heartbeat, PurgeStalePool, SettleChildren, ReportJobs, StopPool, GetParents];
}
