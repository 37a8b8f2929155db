using Jobs.Core;
using Jobs.PowerShell.Data;

namespace Jobs.PowerShell;

/// <summary>A job as it stood when it was read. Times are local; what has not happened is null.</summary>
public sealed class JobInfo
{
    private readonly JobClient _client;
    private ScheduledJob _job;
    private JobDataPage? _page;
    private StoreSituation? _situation;
    private object? _data;
    private bool _hasData;

    /// <param name="job">What was read.</param>
    /// <param name="client">Whom to ask for more.</param>
    /// <param name="page">Where its data are found when they were left out.</param>
    /// <param name="situation">What decides whether it can run, read once for many jobs.</param>
    internal JobInfo(ScheduledJob job, JobClient client, JobDataPage? page = null, StoreSituation? situation = null) =>
        (_job, _client, _page, _situation) = (job, client, page, situation);

    /// <summary>The job's id, a ULID.</summary>
    public string Id => _job.Id;

    /// <summary>The job's type.</summary>
    public string Type => _job.Type;

    /// <summary>Where it stands.</summary>
    public JobStatus Status => _job.Status;

    /// <summary>Higher runs first.</summary>
    public int Priority => _job.Priority;

    /// <summary>The queue it waits in.</summary>
    public string Queue => _job.Queue;

    /// <summary>Its data. Large ones a listing leaves in the store: they are read when first asked for, and null if the job has been removed by then.</summary>
    public object? Data
    {
        get
        {
            if (!_hasData)
            {
                var json = _page is null ? _job.Data : _page.Read(Id);
                _data = json is null ? null : JsonData.Deserialize(json);
                (_page, _hasData) = (null, true);
            }
            return _data;
        }
    }

    /// <summary>When it was scheduled.</summary>
    public DateTime Created => _job.Created.LocalDateTime;

    /// <summary>When it is, or was, to run.</summary>
    public DateTime? Due => _job.Due?.LocalDateTime;

    /// <summary>When its last attempt began.</summary>
    public DateTime? Started => _job.Started?.LocalDateTime;

    /// <summary>When its last attempt, or for a cancelled one the job, ended.</summary>
    public DateTime? Finished => _job.Finished?.LocalDateTime;

    /// <summary>How long the last attempt ran; of an executing job, until it was read.</summary>
    public TimeSpan? Duration => _job.Duration;

    /// <summary>Attempts begun; of a recurring job, those of its current occurrence.</summary>
    public int Attempts => _job.Attempts;

    /// <summary>Retries still open.</summary>
    public int RetriesLeft => _job.RetriesLeft;

    /// <summary>Why its last attempt failed.</summary>
    public JobError? Error => _job.Error;

    /// <summary>The rhythm it is repeated at.</summary>
    public TimeSpan? Every => _job.Every;

    /// <summary>The cron expression it is repeated by.</summary>
    public string? Cron => _job.Cron;

    /// <summary>The time zone of the cron expression.</summary>
    public string? TimeZone => _job.TimeZone;

    /// <summary>Whether it has a next time.</summary>
    public bool IsRecurring => _job.IsRecurring;

    /// <summary>The pool that runs it, or ran it last.</summary>
    public string? PoolId => _job.PoolId;

    /// <summary>That pool's machine.</summary>
    public string? HostName => _job.HostName;

    /// <summary>What the handler last said of its progress.</summary>
    public JobProgress? Progress => _job.Progress;

    /// <summary>The longest an attempt may run.</summary>
    public TimeSpan? Timeout => _job.Timeout;

    /// <summary>While it is unfinished, scheduling another with this key gives this one.</summary>
    public string? UniqueKey => _job.UniqueKey;

    /// <summary>True when New-ScheduledJob found it by its unique key rather than making it.</summary>
    public bool IsExisting => _job.IsExisting;

    /// <summary>Ids of the jobs it waits for.</summary>
    public IReadOnlyList<string> After => _job.After;

    /// <summary>Whether it waits for Resume-ScheduledJob.</summary>
    public bool IsHeld => _job.IsHeld;

    /// <summary>Why it does not run, in words; null while it is executing and when it has ended. Pools and types are looked at when it is first asked for, once for all jobs of a listing.</summary>
    public string? WaitsFor => WaitReason.Of(_job, _situation ??= new StoreSituation(_client));

    /// <summary>True when a cancel has been asked for and the run has not ended yet.</summary>
    public bool CancelRequested => _job.CancelRequested;

    /// <summary>Reads the job again.</summary>
    public void Refresh()
    {
        _job = _client.GetAsync(_job.Id).GetAwaiter().GetResult();
        (_page, _hasData, _situation) = (null, false, null);
    }

    /// <summary>The id, so that a job can be given wherever an id is asked for.</summary>
    public override string ToString() => _job.Id;
}
