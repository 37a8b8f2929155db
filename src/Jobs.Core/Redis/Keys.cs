using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Every key and channel of a namespace. The hash tag keeps a namespace on one shard of a cluster.</summary>
internal sealed class Keys
{
    private static readonly string[] FixedNames =
    [
        "guard", "seq", "jobs", "lanes", "counts", "types", "pools", "settings", "names",
        "saved", "scheduled", "executing", "finished", "failed", "cancelled",
    ];

    private readonly string _prefix;

    public Keys(string @namespace)
    {
        _prefix = $"{{{@namespace}}}:";
        Fixed = [.. FixedNames.Select(name => (RedisKey)(_prefix + name))];
        WakeChannel = RedisChannel.Literal(_prefix + "wake");
        ControlChannel = RedisChannel.Literal(_prefix + "control");
    }

    /// <summary>What every script declares first, in the order of include/keys.lua; the first is the guard key.</summary>
    public RedisKey[] Fixed { get; }

    /// <summary>Every key and every channel of the namespace, as rules for users write it.</summary>
    public string Pattern => _prefix + "*";

    /// <summary>A lane got work ("queue:type", '*' for any queue), or a job is due at a time ("@ms").</summary>
    public RedisChannel WakeChannel { get; }

    /// <summary>"cancel id", "lost id", "stop pool grace".</summary>
    public RedisChannel ControlChannel { get; }

    /// <summary>The fixed keys and a pool's lanes: for each queue its lane of each type.</summary>
    public RedisKey[] WithLanes(IReadOnlyList<string> queues, IReadOnlyList<string> types) =>
        [.. Fixed, .. from queue in queues from type in types select (RedisKey)$"{_prefix}queued:{queue}:{type}"];
}
