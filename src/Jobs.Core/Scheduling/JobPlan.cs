using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Scheduling;

/// <summary>A checked request with all defaults filled in, ready to be sent.</summary>
internal sealed class JobPlan
{
    private readonly JobRequest _request;
    private readonly string _when;
    private readonly long _time;

    private JobPlan(JobRequest request, ScheduledJob job, string when, long time) => (_request, Job, _when, _time) = (request, job, when, time);

    /// <summary>The job as it will be, but for what the store decides.</summary>
    public ScheduledJob Job { get; }

    /// <exception cref="JobsException">What is wrong with the request.</exception>
    public static JobPlan Make(JobRequest request, string id, JobDefaults defaults, DateTimeOffset? now)
    {
        Check(request);
        var job = new ScheduledJob
        {
            Id = id,
            Type = request.Type,
            Queue = request.Queue ?? defaults.Queue,
            Priority = request.Priority ?? defaults.Priority,
            Data = request.Data,
            DataIsParameters = request.DataIsParameters,
            Retries = request.Retries ?? defaults.Retries,
            RetriesLeft = request.Retries ?? defaults.Retries,
            RetryDelay = request.RetryDelay ?? defaults.RetryDelay,
            Backoff = request.Backoff ?? defaults.Backoff,
            MaxRetryDelay = request.MaxRetryDelay ?? defaults.MaxRetryDelay,
            Timeout = request.Timeout ?? defaults.Timeout,
            Every = request.Every,
            Cron = request.Cron,
            TimeZone = request.Cron is null ? null : Zones.IanaId(request.TimeZone),
            Missed = request.Missed,
            UniqueKey = request.UniqueKey,
            After = request.After,
            IsHeld = request.Hold,
        };
        if (request.In is { } delay) return new JobPlan(request, job, "in", JobHash.Ms(delay));
        if (request.Cron is not null)
        {
            var from = request.At is { } at && at > now ? at : now!.Value;
            var first = CronRecurrence.Parse(request.Cron, job.TimeZone).First(from, inclusive: request.At is not null);
            return new JobPlan(request, job, "at", first.ToUnixTimeMilliseconds());
        }
        return request.At is { } time ? new JobPlan(request, job, "at", time.ToUnixTimeMilliseconds()) : new JobPlan(request, job, "now", 0);
    }

    /// <summary>Appends the arguments of schedule_jobs.lua for this job.</summary>
    /// <param name="arguments">What they are appended to.</param>
    /// <param name="before">The plan appended last: where this one differs from it by id and data only, no more needs to be said.</param>
    public void AppendTo(List<RedisValue> arguments, JobPlan? before = null)
    {
        if (before is not null && IsLike(before))
        {
            arguments.Add(Job.Id);
            arguments.Add("");
            arguments.Add(Job.Data ?? "");
            return;
        }
        arguments.Add(Job.Id);
        arguments.Add(Job.Type);
        arguments.Add(Job.Queue);
        arguments.Add(Job.Priority);
        arguments.Add(_when);
        arguments.Add(_time);
        arguments.Add(Job.UniqueKey ?? "");
        arguments.Add(Flags());
        arguments.Add(_request.After.Count);
        foreach (var parent in _request.After) arguments.Add(parent);
        var sizeAt = arguments.Count;
        arguments.Add(0);
        JobHash.Write(Job, arguments);
        if (_request.AfterAny)
        {
            arguments.Add("afterAny");
            arguments.Add(1);
        }
        arguments[sizeAt] = arguments.Count - sizeAt - 1;
    }

    private bool IsLike(JobPlan other) =>
        Job.UniqueKey is null && other.Job.UniqueKey is null && Job.After.Count == 0 && other.Job.After.Count == 0
        && Job.Type == other.Job.Type && Job.Queue == other.Job.Queue && Job.Priority == other.Job.Priority
        && _when == other._when && _time == other._time && (_request.At is null) == (other._request.At is null)
        && _request.Hold == other._request.Hold && _request.AfterAny == other._request.AfterAny && _request.IfExists == other._request.IfExists
        && Job.DataIsParameters == other.Job.DataIsParameters && Job.Retries == other.Job.Retries && Job.RetryDelay == other.Job.RetryDelay
        && Job.Backoff == other.Job.Backoff && Job.MaxRetryDelay == other.Job.MaxRetryDelay && Job.Timeout == other.Job.Timeout
        && Job.Every == other.Job.Every && Job.Cron == other.Job.Cron && Job.TimeZone == other.Job.TimeZone && Job.Missed == other.Job.Missed;

    private string Flags() =>
        (_request.Hold ? "h" : "") + (_request.AfterAny ? "a" : "") + (Job.IsRecurring ? "r" : "")
        + (_request is { At: null, In: null } ? "" : "t")
        + _request.IfExists switch { ExistingJob.Refuse => "e", ExistingJob.Update => "u", _ => "" };

    private static void Check(JobRequest request)
    {
        Validate.Name(request.Type, "job type");
        if (request.Queue is not null) Validate.Name(request.Queue, "queue");
        Validate.Priority(request.Priority);
        Validate.Retries(request.Retries);
        Validate.Delay(request.RetryDelay, nameof(request.RetryDelay));
        Validate.Delay(request.MaxRetryDelay, nameof(request.MaxRetryDelay));
        Validate.Positive(request.Timeout, nameof(request.Timeout));
        Validate.Positive(request.Every, nameof(request.Every));
        Validate.Delay(request.In, nameof(request.In));
        Validate.Data(request.Data);
        if (request.UniqueKey is { } key && key.Length is 0 or > 500)
            throw new JobsException(JobsError.InvalidName, "A unique key has 1 to 500 characters.");
        if (request is { At: not null, In: not null } or { Every: not null, Cron: not null } or { Cron: not null, In: not null })
            throw new JobsException(JobsError.InvalidSchedule, "Give one of At and In, and one of Every and Cron; Cron goes with At (its first time is then at or after it), not with In.");
        if (request.TimeZone is not null && request.Cron is null)
            throw new JobsException(JobsError.InvalidSchedule, "A time zone goes with Cron. Give At with its own offset instead.");
        if (request.IfExists != ExistingJob.Keep && request.UniqueKey is null)
            throw new JobsException(JobsError.InvalidSchedule, "What becomes of an existing job goes with a unique key.");
        if (request.IfExists == ExistingJob.Update && request.After.Count > 0)
            throw new JobsException(JobsError.InvalidSchedule, "An existing job can't be made to wait for others: After does not go with updating it.");
        foreach (var parent in request.After)
        {
            if (!JobIds.IsId(parent)) throw new JobNotFoundException(parent);
        }
    }
}
