using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>A pool's record in Redis, read and written.</summary>
internal static class PoolHash
{
    public static PoolInfo? Read(RedisResult[] fields, long now)
    {
        var hash = new Dictionary<string, RedisValue>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < fields.Length; i += 2) hash[(string)fields[i]!] = (RedisValue)fields[i + 1];
        if (!hash.ContainsKey("heartbeat")) return null;

        string Text(string field) => hash.TryGetValue(field, out var value) ? value.ToString() : "";
        long Number(string field) => hash.TryGetValue(field, out var value) && value.TryParse(out long number) ? number : 0;

        var heartbeat = Number("heartbeat");
        return new PoolInfo
        {
            Id = (string)fields[0]!,
            Name = Text("name"),
            HostName = Text("host"),
            ProcessId = (int)Number("pid"),
            Status = heartbeat + Number("lease") < now ? PoolStatus.Stale : Enum.TryParse<PoolStatus>(Text("status"), out var status) ? status : PoolStatus.Running,
            Workers = (int)Number("workers"),
            Busy = (int)Number("busy"),
            Queues = Text("queues").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Types = Text("types").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Started = JobHash.Instant(Number("started")),
            LastHeartbeat = JobHash.Instant(heartbeat),
            Processed = Number("processed"),
            Failed = Number("failed"),
        };
    }

    public static List<RedisValue> Write(PoolInfo pool) =>
    [
        "name", pool.Name, "host", pool.HostName, "pid", pool.ProcessId, "status", pool.Status.ToString(), "workers", pool.Workers, "busy", pool.Busy,
        "queues", string.Join(' ', pool.Queues), "types", string.Join(' ', pool.Types), "started", pool.Started.ToUnixTimeMilliseconds(),
        "processed", pool.Processed, "failed", pool.Failed,
    ];
}
