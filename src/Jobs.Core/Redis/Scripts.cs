using System.Reflection;

namespace Jobs.Core.Redis;

/// <summary>All scripts, and what their callers pass. Loading this class checks each against its header.</summary>
internal static class Scripts
{
    public static readonly Script ScheduleJobs = Script.Load("schedule_jobs", 1, takesMore: true);
    public static readonly Script PopNextJobs = Script.Load("pop_next_jobs", 7, takesMore: true);
    public static readonly Script FinishJobs = Script.Load("finish_jobs", 0, takesMore: true);
    public static readonly Script RetryOrFailJob = Script.Load("retry_or_fail_job", 0, takesMore: true);
    public static readonly Script ReleaseJobs = Script.Load("release_jobs", 0, takesMore: true);
    public static readonly Script Heartbeat = Script.Load("heartbeat", 3, takesMore: true);
    public static readonly Script PurgeStalePool = Script.Load("purge_stale_pool", 6);
    public static readonly Script SettleChildren = Script.Load("settle_children", 1);
    public static readonly Script ReportJobs = Script.Load("report_jobs", 0, takesMore: true);
    public static readonly Script SetJobStatus = Script.Load("set_job_status", 2, takesMore: true);
    public static readonly Script AddJobToSet = Script.Load("add_job_to_set", 2, takesMore: true);
    public static readonly Script SetJobField = Script.Load("set_job_field", 5, takesMore: true);
    public static readonly Script DestroyJob = Script.Load("destroy_job", 1, takesMore: true);
    public static readonly Script ClearHistory = Script.Load("clear_history", 5, takesMore: true);
    public static readonly Script GetJobsByIds = Script.Load("get_jobs_by_ids", 3, takesMore: true);
    public static readonly Script GetJobDetails = Script.Load("get_job_details", 4);
    public static readonly Script GetParents = Script.Load("get_parents", 1, takesMore: true);
    public static readonly Script QueryJobs = Script.Load("query_jobs", 11, takesMore: true);
    public static readonly Script GetSummary = Script.Load("get_summary", 1);
    public static readonly Script PublishTypes = Script.Load("publish_types", 1, takesMore: true);
    public static readonly Script GetTypes = Script.Load("get_types", 0, takesMore: true);
    public static readonly Script PauseType = Script.Load("pause_type", 2);
    public static readonly Script GetPools = Script.Load("get_pools", 0);
    public static readonly Script StopPool = Script.Load("stop_pool", 3);
    public static readonly Script SetRetention = Script.Load("set_retention", 4);
    public static readonly Script GetLayout = Script.Load("get_layout", 0);
    public static readonly Script CheckRights = Script.Load("check_rights", 0, takesMore: true);

    public static IReadOnlyCollection<Script> All { get; } =
        [.. typeof(Scripts).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (Script)field.GetValue(null)!)];

    /// <summary>What every pool sends, whatever its jobs do.</summary>
    public static IReadOnlyCollection<Script> OfPools { get; } =
        [PublishTypes, PopNextJobs, FinishJobs, RetryOrFailJob, ReleaseJobs, Heartbeat, PurgeStalePool, SettleChildren, ReportJobs, StopPool, GetParents];
}
