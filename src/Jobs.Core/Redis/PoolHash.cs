using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>A pool's record in Redis, read and written.</summary>
internal static class PoolHash
{
    public static PoolInfo? Read(RedisResult[] fields, long now)
    {
        var hash = new HashReader(fields, 1);
        if (!hash.Has("heartbeat")) return null;

        int Count(string field) => hash.Number(field, 0, int.MaxValue) ?? 0;
        string[] Names(string field) => hash.Text(field)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

        var heartbeat = hash.Time("heartbeat") ?? default;
        var isStale = heartbeat + (hash.Span("lease", 0) ?? TimeSpan.Zero) < JobHash.Instant(now);
        return new PoolInfo
        {
            Id = (string)fields[0]!,
            Name = hash.Text("name") ?? "",
            HostName = hash.Text("host") ?? "",
            ProcessId = Count("pid"),
            Status = isStale ? PoolStatus.Stale : hash.Name<PoolStatus>("status") ?? PoolStatus.Running,
            Workers = Count("workers"),
            Busy = Count("busy"),
            Queues = Names("queues"),
            Types = Names("types"),
            Started = hash.Time("started") ?? default,
            LastHeartbeat = heartbeat,
            Processed = hash.Number("processed", 0, long.MaxValue) ?? 0,
            Failed = hash.Number("failed", 0, long.MaxValue) ?? 0,
        };
    }

    public static List<RedisValue> Write(PoolInfo pool) =>
    [
        "name", pool.Name, "host", pool.HostName, "pid", pool.ProcessId, "status", pool.Status.ToString(), "workers", pool.Workers, "busy", pool.Busy,
        "queues", string.Join(' ', pool.Queues), "types", string.Join(' ', pool.Types), "started", pool.Started.ToUnixTimeMilliseconds(),
        "processed", pool.Processed, "failed", pool.Failed,
    ];
}
