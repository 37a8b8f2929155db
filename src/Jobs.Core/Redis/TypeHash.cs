using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>A type's hash in Redis, read and written.</summary>
internal static class TypeHash
{
    private const string Removable = "timeout limit rate window";

    public static JobTypeInfo Read(RedisResult[] fields)
    {
        var hash = new HashReader(fields, 1);
        var general = new JobDefaults();
        return new JobTypeInfo
        {
            Name = (string)fields[0]!,
            Defaults = new JobDefaults
            {
                Retries = hash.Number("retries", 0, Validate.MaxRetries) ?? general.Retries,
                RetryDelay = hash.Span("retryDelay", 0) ?? general.RetryDelay,
                Backoff = hash.Name<BackoffKind>("backoff") ?? general.Backoff,
                MaxRetryDelay = hash.Span("maxDelay", 0) ?? general.MaxRetryDelay,
                Timeout = hash.Span("timeout", 1),
                Priority = hash.Number("priority", -Validate.MaxPriority, Validate.MaxPriority) ?? general.Priority,
                Queue = hash.Text("queue") is { } queue && Validate.IsName(queue) ? queue : general.Queue,
            },
            MaxConcurrency = hash.Number("limit", 1, Validate.MaxConcurrency),
            RateLimit = hash.Number("rate", 1, Validate.MaxRate) is { } rate && hash.Span("window", 1) is { } window ? new RateLimit(rate, window) : null,
            IsPaused = hash.Has("paused"),
            TotalFinished = hash.Number("finished", 0, long.MaxValue) ?? 0,
            TotalFailed = hash.Number("failed", 0, long.MaxValue) ?? 0,
        };
    }

    /// <summary>The arguments of publish_types.lua.</summary>
    public static RedisValue[] Write(IReadOnlyList<string> queues, IEnumerable<JobType> types)
    {
        List<RedisValue> arguments = [queues.Count, .. queues.Select(queue => (RedisValue)queue)];
        foreach (var type in types)
        {
            var defaults = type.Defaults;
            List<RedisValue> fields =
            [
                "retries", defaults.Retries, "retryDelay", JobHash.Ms(defaults.RetryDelay), "backoff", defaults.Backoff.ToString(),
                "maxDelay", JobHash.Ms(defaults.MaxRetryDelay), "priority", defaults.Priority, "queue", defaults.Queue,
            ];
            if (defaults.Timeout is { } timeout) fields.AddRange(["timeout", JobHash.Ms(timeout)]);
            if (type.MaxConcurrency is { } limit) fields.AddRange(["limit", limit]);
            if (type.RateLimit is { } rate) fields.AddRange(["rate", rate.Count, "window", JobHash.Ms(rate.Window)]);
            arguments.AddRange([type.Name, Removable, fields.Count, .. fields]);
        }
        return [.. arguments];
    }
}
