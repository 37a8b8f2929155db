using System.Globalization;
using System.Text.Json;
using Jobs.Core.Pools;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>A job's hash in Redis, read and written. Fields with their default value are not stored.</summary>
internal static class JobHash
{
    private const int MaxErrorLength = 64 * 1024;

    /// <summary>The fields that are read of a job: whatever <see cref="Read"/> looks at, the data last.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "state", "job", "pool", "time", "params", "retries", "retried", "retryDelay", "backoff", "maxDelay", "timeout", "error", "reason", "freq", "cron",
        "tz", "missed", "slot", "putOff", "progress", "unique", "after", "crashes", "data",
    ];

    /// <summary>Reads the values of <see cref="Fields"/>, or of all but the last. Null where there is no job.</summary>
    public static ScheduledJob? ReadValues(string id, RedisResult[] values, long now) =>
        Read(id, new HashReader(Fields, values), now) is { } job ? job with { DataIsOmitted = values.Length < Fields.Count } : null;

    /// <summary>Reads the next of the jobs that a script has claimed, and goes on behind it.</summary>
    /// <param name="reply">Per job: its id, state, job, data or '', how many other fields and values, fields and values.</param>
    /// <param name="at">Where it begins; then where the next one does.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="holder">The pool that has it.</param>
    public static ScheduledJob ReadClaimed(RedisResult[] reply, ref int at, long now, PoolContext holder)
    {
        var (first, others) = (at, (int)reply[at + 4]);
        at += 5 + others;
        return Read((string)reply[first]!, new HashReader(ClaimedFields, reply, first + 1, others), now, holder)!;
    }

    private static readonly string[] ClaimedFields = ["state", "job", "data"];

    private static ScheduledJob? Read(string id, HashReader hash, long now, PoolContext? holder = null)
    {
        // Packed fields: see include/jobs.lua.
        var state = (hash.Text("state") ?? "").AsSpan();
        Span<Range> s = stackalloc Range[7];
        s[state.Split(s, ' ')..].Clear();
        if ((holder is null ? HashReader.Parse<JobStatus>(state[s[0]]) : JobStatus.Executing) is not { } status) return null;
        var definition = (hash.Text("job") ?? "").AsSpan();
        Span<Range> d = stackalloc Range[6];
        d[definition.Split(d, ' ')..].Clear();

        var executing = status == JobStatus.Executing;
        var retries = hash.Number("retries", 0, Validate.MaxRetries) ?? 0;
        var fence = hash.Part("fence", state[s[1]], 0, HashReader.MostCounted);
        var forgiven = hash.Part("base", state[s[2]], 0, fence);
        var started = Instant(state[s[3]]);
        var ended = executing ? null : Instant(state[s[4]]);
        var (type, queue) = (definition[d[0]].ToString(), definition[d[1]].ToString());
        var created = Instant(definition[d[4]]);
        return new ScheduledJob
        {
            Id = id,
            Type = type,
            Status = status,
            Priority = (int)hash.Part("priority", definition[d[2]], -Validate.MaxPriority, Validate.MaxPriority),
            Queue = queue,
            Data = hash.Text("data") is { Length: > 0 } data ? data : null,
            DataIsParameters = hash.Has("params"),
            Created = created ?? default,
            Due = hash.Time("time") ?? created,
            Started = started,
            Finished = ended,
            Duration = started is null ? null : executing ? Instant(now) - started : ended - started,
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
            PoolId = holder?.Id ?? Word(hash.Text("pool"), first: true),
            HostName = holder?.HostName ?? Word(hash.Text("pool"), first: false),
            Progress = ReadJson(hash.Text("progress"), CoreJson.Default.JobProgress),
            Timeout = hash.Span("timeout", 1),
            RetryDelay = hash.Span("retryDelay", 0) ?? DefaultsOf.RetryDelay,
            Backoff = hash.Name<BackoffKind>("backoff") ?? BackoffKind.Exponential,
            MaxRetryDelay = hash.Span("maxDelay", 0) ?? DefaultsOf.MaxRetryDelay,
            UniqueKey = hash.Text("unique"),
            After = hash.Text("after")?.Split(' ') ?? [],
            Crashes = hash.Number("crashes", 0, int.MaxValue) ?? 0,
            CancelRequested = executing && state[s[5]].Contains('c'),
            IsHeld = state[s[5]].Contains('h'),
            Fence = fence,
            // Last: by then all has been read.
            Defect = type.Length == 0 ? "it has no type" : queue.Length == 0 ? "it has no queue" : hash.Defect,
        };
    }

    private static DateTimeOffset? Instant(ReadOnlySpan<char> ms) => long.TryParse(ms, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Instant(number) : null;

    /// <summary>The first word, or what follows it.</summary>
    private static string? Word(string? text, bool first)
    {
        if (text is null) return null;
        var end = text.IndexOf(' ');
        return first ? end < 0 ? text : text[..end] : end < 0 ? null : text[(end + 1)..];
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
