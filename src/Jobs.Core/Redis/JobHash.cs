using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>A job's hash in Redis, read and written. Fields with their default value are not stored.</summary>
internal static class JobHash
{
    private const int MaxErrorLength = 64 * 1024;

    /// <summary>The fields that are read of a job: whatever <see cref="Read(string, HashReader, long, JobStatus?)"/> looks at, the data last.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "status", "type", "queue", "priority", "params", "created", "time", "started", "finished", "fence", "base", "retries", "retried", "retryDelay",
        "backoff", "maxDelay", "timeout", "error", "reason", "freq", "cron", "tz", "missed", "slot", "poolId", "host", "progress", "unique", "after",
        "crashes", "cancel", "data",
    ];

    /// <summary>Reads the values of <see cref="Fields"/>, or of all but the last.</summary>

    /// <summary>Reads fields and values in turn.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="fields">Fields and values.</param>
    /// <param name="first">Where they begin.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="known">Its status, where that is known by other means.</param>
    public static ScheduledJob? Read(string id, RedisResult[] fields, int first, long now, JobStatus? known = null) => Read(id, new HashReader(fields, first), now, known);

    /// <summary>Reads the values of <see cref="Fields"/>, or of all but the last.</summary>
    public static ScheduledJob? ReadValues(string id, RedisResult[] values, long now) =>
        Read(id, new HashReader(Fields, values), now, null) is { } job ? job with { DataIsOmitted = values.Length < Fields.Count } : null;

    /// <summary>Null where there is no job.</summary>
    private static ScheduledJob? Read(string id, HashReader hash, long now, JobStatus? known)
    {
        if ((known ?? HashReader.Parse<JobStatus>(hash.Text("status"))) is not { } status) return null;

        var started = hash.Time("started");
        var finished = hash.Time("finished");
        var executing = status == JobStatus.Executing;
        var retries = hash.Number("retries", 0, Validate.MaxRetries) ?? 0;
        var fence = hash.Number("fence", 0, HashReader.MostCounted) ?? 0;
        var forgiven = hash.Number("base", 0, fence) ?? 0;
        var (type, queue) = (hash.Text("type") ?? "", hash.Text("queue") ?? "");
        var job = new ScheduledJob
        {
            Id = id,
            Type = type,
            Status = status,
            Priority = hash.Number("priority", -Validate.MaxPriority, Validate.MaxPriority) ?? 0,
            Queue = queue,
            Data = hash.Text("data"),
            DataIsParameters = hash.Has("params"),
            Created = hash.Time("created") ?? default,
            Due = hash.Time("time"),
            Started = started,
            Finished = executing ? null : finished,
            Duration = started is null ? null : executing ? Instant(now) - started : finished - started,
            Attempts = (int)Math.Min(fence - forgiven, int.MaxValue - 1),
            Retries = retries,
            RetriesLeft = Math.Max(0, retries - (hash.Number("retried", 0, Validate.MaxRetries) ?? 0)),
            Error = ReadError(status, hash.Text("error"), hash.Text("reason")),
            Every = hash.Span("freq", 1),
            Cron = hash.Text("cron"),
            TimeZone = hash.Text("tz"),
            Missed = hash.Name<MissedPolicy>("missed") ?? MissedPolicy.Skip,
            Occurrence = hash.Time("slot"),
            PutOffTo = hash.Time("putOff"),
            PoolId = hash.Text("poolId"),
            HostName = hash.Text("host"),
            Progress = ReadJson(hash.Text("progress"), CoreJson.Default.JobProgress),
            Timeout = hash.Span("timeout", 1),
            RetryDelay = hash.Span("retryDelay", 0) ?? DefaultsOf.RetryDelay,
            Backoff = hash.Name<BackoffKind>("backoff") ?? BackoffKind.Exponential,
            MaxRetryDelay = hash.Span("maxDelay", 0) ?? DefaultsOf.MaxRetryDelay,
            UniqueKey = hash.Text("unique"),
            After = hash.Text("after")?.Split(' ') ?? [],
            Crashes = hash.Number("crashes", 0, int.MaxValue) ?? 0,
            CancelRequested = hash.Has("cancel"),
            Fence = fence,
        };
        return job with { Defect = type.Length == 0 ? "it has no type" : queue.Length == 0 ? "it has no queue" : hash.Defect };
    }

    private static JobDefaults DefaultsOf { get; } = new();

    /// <summary>The fields of a new job beside those that the script writes itself.</summary>
    public static void Write(ScheduledJob job, List<RedisValue> fields)
    {
        void Add(string name, RedisValue value)
        {
            fields.Add(name);
            fields.Add(value);
        }

        if (job.Data is not null) Add("data", job.Data);
        if (job.DataIsParameters) Add("params", 1);
        if (job.Retries > 0)
        {
            Add("retries", job.Retries);
            if (job.RetryDelay != DefaultsOf.RetryDelay) Add("retryDelay", Ms(job.RetryDelay));
            if (job.Backoff != DefaultsOf.Backoff) Add("backoff", job.Backoff.ToString());
            if (job.MaxRetryDelay != DefaultsOf.MaxRetryDelay) Add("maxDelay", Ms(job.MaxRetryDelay));
        }
        if (job.Timeout is { } timeout) Add("timeout", Ms(timeout));
        if (job.Every is { } every) Add("freq", Ms(every));
        if (job.Cron is not null) Add("cron", job.Cron);
        if (job.TimeZone is not null) Add("tz", job.TimeZone);
        if (job.IsRecurring && job.Missed != MissedPolicy.Skip) Add("missed", job.Missed.ToString());
        if (job.UniqueKey is not null) Add("unique", job.UniqueKey);
        if (job.After.Count > 0) Add("after", string.Join(' ', job.After));
    }

    public static string WriteError(JobError error)
    {
        static string? Cut(string? text) => text is { Length: > MaxErrorLength } ? text[..MaxErrorLength] + "…" : text;
        return JsonSerializer.Serialize(
            error with { Message = Cut(error.Message)!, StackTrace = Cut(error.StackTrace), Position = Cut(error.Position) },
            CoreJson.Default.JobError);
    }

    /// <summary>Of a job that was cancelled, why; else why its last attempt failed.</summary>
    private static JobError? ReadError(JobStatus status, string? json, string? reason) =>
        status == JobStatus.Cancelled && reason is not null ? new JobError { Message = reason, Type = "Jobs.Cancelled" } : ReadJson(json, CoreJson.Default.JobError);

    /// <summary>What is read back is untrusted: what is no JSON of this shape is no value.</summary>
    public static T? ReadJson<T>(string? json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (string.IsNullOrEmpty(json)) return null;
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static long Ms(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;

    public static DateTimeOffset Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, MinMs, MaxMs));

    public static string Text(long ms) => ms.ToString(CultureInfo.InvariantCulture);

    private static readonly long MinMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long MaxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
