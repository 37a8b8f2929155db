using System.Security.Cryptography;
using System.Text;
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

    /// <summary>A lane got work ("queue:type", '*' for any queue): for all pools, from publishers that know none.</summary>
    public RedisChannel WakeChannel { get; }

    /// <summary>"cancel id", "lost id", "stop pool grace".</summary>
    public RedisChannel ControlChannel { get; }

    /// <summary>
    /// For one pool: a lane got work ("queue:type"), or it is to look at a time ("@ms"). On a cluster it is heard where the scripts run, which count the
    /// listeners.
    /// </summary>
    public RedisChannel WakeChannelOf(string pool) => RedisChannel.Literal($"{_prefix}wake:{pool}").WithKeyRouting();

    /// <summary>The fixed keys, and where idle pools are noted of those that serve the same lanes.</summary>
    public RedisKey[] WithGroup(IReadOnlyList<string> queues, IReadOnlyList<string> types)
    {
        var group = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', Lanes(queues, types).Order(StringComparer.Ordinal))));
        return [.. Fixed, $"{_prefix}idle:{Convert.ToHexStringLower(group.AsSpan(0, 8))}"];
    }

    /// <summary>The same and a pool's lanes: for each queue its lane of each type.</summary>
    public RedisKey[] WithLanes(IReadOnlyList<string> queues, IReadOnlyList<string> types) =>
        [.. WithGroup(queues, types), .. Lanes(queues, types).Select(lane => (RedisKey)$"{_prefix}queued:{lane}")];

    private static IEnumerable<string> Lanes(IReadOnlyList<string> queues, IReadOnlyList<string> types) =>
        from queue in queues from type in types select $"{queue}:{type}";
}
