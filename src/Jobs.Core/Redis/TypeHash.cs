using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>A type's hash in Redis, read and written.</summary>
internal static class TypeHash
{
    private const string Removable = "timeout limit rate window";

    public static JobTypeInfo Read(RedisResult[] fields)
    {
        var hash = new Dictionary<string, RedisValue>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < fields.Length; i += 2) hash[(string)fields[i]!] = (RedisValue)fields[i + 1];

        long? Number(string field) => hash.TryGetValue(field, out var value) && value.TryParse(out long number) ? number : null;
        TimeSpan? Span(string field) => Number(field) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

        var general = new JobDefaults();
        return new JobTypeInfo
        {
            Name = (string)fields[0]!,
            Defaults = new JobDefaults
            {
                Retries = (int)(Number("retries") ?? general.Retries),
                RetryDelay = Span("retryDelay") ?? general.RetryDelay,
                Backoff = Enum.TryParse<BackoffKind>(hash.GetValueOrDefault("backoff").ToString(), out var backoff) ? backoff : general.Backoff,
                MaxRetryDelay = Span("maxDelay") ?? general.MaxRetryDelay,
                Timeout = Span("timeout"),
                Priority = (int)(Number("priority") ?? general.Priority),
                Queue = hash.TryGetValue("queue", out var queue) ? queue.ToString() : general.Queue,
            },
            MaxConcurrency = (int?)Number("limit"),
            RateLimit = Number("rate") is { } rate && Span("window") is { } window ? new RateLimit((int)rate, window) : null,
            IsPaused = hash.ContainsKey("paused"),
            TotalFinished = Number("finished") ?? 0,
            TotalFailed = Number("failed") ?? 0,
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
