using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>A job's hash in Redis, read and written. Fields with their default value are not stored.</summary>
internal static class JobHash
{
    private const int MaxErrorLength = 64 * 1024;

    public static ScheduledJob? Read(string id, RedisResult[] fields, int first, long now)
    {
        if (fields.Length <= first) return null;
        var hash = new Dictionary<string, RedisValue>((fields.Length - first) / 2, StringComparer.Ordinal);
        for (var i = first; i + 1 < fields.Length; i += 2) hash[(string)fields[i]!] = (RedisValue)fields[i + 1];
        return Read(id, hash, now);
    }

    /// <summary>The fields that are read of a job: whatever <see cref="Read(string, Dictionary{string, RedisValue}, long)"/> looks at, the data last.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "status", "type", "queue", "priority", "params", "created", "time", "started", "finished", "fence", "base", "retries", "retried", "retryDelay",
        "backoff", "maxDelay", "timeout", "error", "reason", "freq", "cron", "tz", "missed", "slot", "poolId", "host", "progress", "unique", "after",
        "crashes", "cancel", "data",
    ];

    /// <summary>Reads the values of <see cref="Fields"/>, or of all but the last.</summary>
    public static ScheduledJob? ReadValues(string id, RedisResult[] values, long now)
    {
        var hash = new Dictionary<string, RedisValue>(values.Length, StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].IsNull) hash[Fields[i]] = (RedisValue)values[i];
        }
        return Read(id, hash, now) is { } job ? job with { DataIsOmitted = values.Length < Fields.Count } : null;
    }

    private static ScheduledJob? Read(string id, Dictionary<string, RedisValue> hash, long now)
    {
        if (!hash.TryGetValue("status", out var statusText) || !Enum.TryParse<JobStatus>(statusText.ToString(), ignoreCase: true, out var status)) return null;

        string? Text(string field) => hash.TryGetValue(field, out var value) ? value.ToString() : null;
        long Number(string field, long otherwise = 0) => hash.TryGetValue(field, out var value) && value.TryParse(out long number) ? number : otherwise;
        DateTimeOffset? Time(string field) => hash.TryGetValue(field, out var value) && value.TryParse(out long ms) ? Instant(ms) : null;
        TimeSpan? Span(string field) => hash.TryGetValue(field, out var value) && value.TryParse(out long ms) ? TimeSpan.FromMilliseconds(ms) : null;

        var started = Time("started");
        var finished = Time("finished");
        var executing = status == JobStatus.Executing;
        var retries = (int)Number("retries");
        var fence = Number("fence");
        return new ScheduledJob
        {
            Id = id,
            Type = Text("type") ?? "",
            Status = status,
            Priority = (int)Number("priority"),
            Queue = Text("queue") ?? "",
            Data = Text("data"),
            DataIsParameters = hash.ContainsKey("params"),
            Created = Time("created") ?? default,
            Due = Time("time"),
            Started = started,
            Finished = executing ? null : finished,
            Duration = started is null ? null : executing ? Instant(now) - started : finished - started,
            Attempts = (int)(fence - Number("base")),
            Retries = retries,
            RetriesLeft = Math.Max(0, retries - (int)Number("retried")),
            Error = ReadError(Text("error"), Text("reason")),
            Every = Span("freq"),
            Cron = Text("cron"),
            TimeZone = Text("tz"),
            Missed = Enum.TryParse<MissedPolicy>(Text("missed"), out var missed) ? missed : MissedPolicy.Skip,
            Occurrence = Time("slot"),
            PutOffTo = Time("putOff"),
            PoolId = Text("poolId"),
            HostName = Text("host"),
            Progress = ReadJson(Text("progress"), CoreJson.Default.JobProgress),
            Timeout = Span("timeout"),
            RetryDelay = Span("retryDelay") ?? DefaultsOf.RetryDelay,
            Backoff = Enum.TryParse<BackoffKind>(Text("backoff"), out var backoff) ? backoff : BackoffKind.Exponential,
            MaxRetryDelay = Span("maxDelay") ?? DefaultsOf.MaxRetryDelay,
            UniqueKey = Text("unique"),
            After = Text("after")?.Split(' ') ?? [],
            Crashes = (int)Number("crashes"),
            CancelRequested = hash.ContainsKey("cancel"),
            Fence = fence,
        };
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

    private static JobError? ReadError(string? json, string? reason) =>
        ReadJson(json, CoreJson.Default.JobError) ?? (reason is null ? null : new JobError { Message = reason, Type = "Jobs.Cancelled" });

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
