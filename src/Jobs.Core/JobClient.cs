namespace Jobs.Core;

/// <summary>Schedules, queries and changes jobs: the second door a C# user comes through.</summary>
/// <remarks>All methods throw <see cref="JobsException"/>, with StoreUnreachable when Redis does not answer.</remarks>
public sealed class JobClient(JobStore store, JobTypeRegistry types)
{
    private readonly (JobStore, JobTypeRegistry) _ = (store, types);
    /// <summary>Schedules one job. Returns the job, or the unfinished one that holds its unique key.</summary>
    public Task<ScheduledJob> ScheduleAsync(JobRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Schedules many jobs: all or, when one is refused, none of a call of up to 1,000; in order.</summary>
    public Task<IReadOnlyList<ScheduledJob>> ScheduleAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Reads a job. Throws JobNotFound.</summary>
    public Task<ScheduledJob> GetAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Reads jobs; null where there is none, in the order asked.</summary>
    public Task<IReadOnlyList<ScheduledJob?>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Lists jobs page by page.</summary>
    public IAsyncEnumerable<ScheduledJob> QueryAsync(JobQuery query, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Counts jobs that match (Skip and First aside).</summary>
    public Task<long> CountAsync(JobQuery query, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Counts by status and type, rates and durations: the total first, then each type.</summary>
    public Task<IReadOnlyList<JobSummary>> SummarizeAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Cancels a job; of an executing one the run is stopped wherever it is and the cancel takes effect when it ends. Cancelling a cancelled job changes nothing. Throws JobNotFound, JobEnded.</summary>
    public Task<ScheduledJob> CancelAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Changes when, where or how urgently a job runs. For an executing one a new time takes effect after the run. Throws JobNotFound, JobEnded.</summary>
    public Task<ScheduledJob> UpdateAsync(string id, JobChange change, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Removes every trace of a job. False when there was none. Throws JobExecuting unless <paramref name="force"/>.</summary>
    public Task<bool> DestroyAsync(string id, bool force = false, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Runs an ended job again, now, with all its retries. Throws JobNotFound, JobNotEnded.</summary>
    public Task<ScheduledJob> RestartAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Keeps a job back (status Saved). Throws JobNotFound, JobEnded.</summary>
    public Task<ScheduledJob> HoldAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Releases a held job. Throws JobNotFound, JobEnded.</summary>
    public Task<ScheduledJob> ResumeAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Removes ended jobs. Returns how many.</summary>
    public Task<long> ClearHistoryAsync(IReadOnlyList<JobStatus> statuses, DateTimeOffset? before = null, IReadOnlyList<string>? typePatterns = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>What the handler put out in its last finished attempt; null when nothing.</summary>
    public Task<JobOutput?> GetOutputAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The job's log from entry <paramref name="from"/> on.</summary>
    public Task<IReadOnlyList<JobLogEntry>> GetLogAsync(string id, int from = 0, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The last runs (at most 50) of a recurring job, newest first.</summary>
    public Task<IReadOnlyList<JobRunRecord>> GetRunsAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Types known to the store, by name.</summary>
    public Task<IReadOnlyList<JobTypeInfo>> GetTypesAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Pauses or resumes a type in all pools.</summary>
    public Task SetTypePausedAsync(string type, bool paused, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Pools of the store that have a record: running, stopping, or stale for less than a day.</summary>
    public Task<IReadOnlyList<PoolInfo>> GetPoolsAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Asks a pool, wherever it runs, to stop. Does not wait. Throws PoolNotFound.</summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="grace">How long its running jobs may go on; null: the pool's own shutdown time-out; zero: stop them at once.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task RequestPoolStopAsync(string poolId, TimeSpan? grace = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

/// <summary>What is to change of a job; null: stays.</summary>
public sealed record JobChange
{
    /// <summary>New due time.</summary>
    public DateTimeOffset? At { get; init; }
    /// <summary>New due time from the store's now.</summary>
    public TimeSpan? In { get; init; }
    /// <inheritdoc cref="JobDefaults.Priority"/>
    public int? Priority { get; init; }
    /// <inheritdoc cref="JobDefaults.Queue"/>
    public string? Queue { get; init; }
    /// <inheritdoc cref="JobRequest.Every"/>
    public TimeSpan? Every { get; init; }
    /// <inheritdoc cref="JobRequest.Cron"/>
    public string? Cron { get; init; }
    /// <inheritdoc cref="JobRequest.TimeZone"/>
    public string? TimeZone { get; init; }
}
