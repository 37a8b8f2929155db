using System.Collections.Frozen;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>What the user may not do in a namespace, known before a script is sent: one that is refused in its middle leaves half of its work done.</summary>
internal sealed class StoreRights
{
    /// <summary>Where the server does not tell.</summary>
    public static readonly StoreRights Unlimited = new([], []);

    private static readonly string[] Listening = ["SUBSCRIBE", "UNSUBSCRIBE"];

    private readonly string[] _commands;
    private readonly string[] _places;
    private readonly FrozenSet<string> _denied;

    private StoreRights(string[] commands, string[] places)
    {
        (_commands, _places) = (commands, places);
        _denied = commands.Concat(places).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>What is asked for: every command that a script names, and what listening to channels takes. Written down, since no script need be read for it.</summary>
    public static RedisValue[] Asked { get; } =
    [
        "DEL", "EXISTS", "EXPIRE", "GET", "HDEL", "HGET", "HGETALL", "HINCRBY", "HMGET", "HSET", "INCRBY", "LLEN", "LPUSH", "LRANGE",
        "LTRIM", "PUBLISH", "RPUSH", "SADD", "SET", "SMEMBERS", "SMISMEMBER", "SREM", "SUBSCRIBE", "TIME", "UNLINK", "UNSUBSCRIBE",
        "ZADD", "ZCARD", "ZRANGE", "ZRANGEBYSCORE", "ZREM", "ZREVRANGE", "ZSCORE",
    ];

    /// <summary>The commands that are refused.</summary>
    public IReadOnlyList<string> Denied => [.. _denied.Order(StringComparer.Ordinal)];

    public static StoreRights Read(RedisResult reply)
    {
        var lists = (RedisResult[])reply!;
        string[] commands = (string[])lists[0]!, places = (string[])lists[1]!;
        return commands.Length + places.Length == 0 ? Unlimited : new StoreRights(commands, places);
    }

    public bool Allow(Script script) => _denied.Count == 0 || !script.Commands.Overlaps(_denied);

    /// <summary>What a pool needs beside its scripts.</summary>
    public bool AllowListening => !Listening.Any(_denied.Contains);

    /// <summary>The error that says what of it is missing, and what would grant it.</summary>
    public JobsException Refusal(IEnumerable<Script> scripts, bool listens, string user, Keys keys, string endpoint)
    {
        var needed = scripts.SelectMany(script => script.Commands).Concat(listens ? Listening : []).ToHashSet(StringComparer.Ordinal);
        string[] commands = [.. _commands.Where(needed.Contains)], places = [.. _places.Where(needed.Contains)];
        string[] lacks =
        [
            .. commands.Length > 0 ? ["run " + string.Join(", ", commands)] : (string[])[],
            .. places.Length > 0 ? [$"use the keys and channels {keys.Pattern} with {string.Join(", ", places)}"] : (string[])[],
        ];
        return Error($"may not {string.Join(", nor ", lacks)}, which this takes. Nothing was changed", commands, user, keys, endpoint);
    }

    /// <summary>The error for a user who may not even run the script that asks.</summary>
    public static JobsException NoScripts(string user, Keys keys, string endpoint, RedisServerException refusal) =>
        Error($"may not run scripts on the keys {keys.Pattern} ({refusal.Message.Trim()})", ["EVALSHA", "EVAL", "SCRIPT|LOAD"], user, keys, endpoint);

    private static JobsException Error(string what, IEnumerable<string> commands, string user, Keys keys, string endpoint)
    {
        var rule = string.Join(' ', [$"~{keys.Pattern}", $"&{keys.Pattern}", .. commands.Select(command => "+" + command.ToLowerInvariant())]);
        return new JobsException(JobsError.StorePermissionDenied,
            $"The user '{user}' of the job store at {endpoint} {what}. An administrator of the store grants it with: ACL SETUSER {user} {rule}. All that jobs need is listed in docs/guarantees.md.") { Target = endpoint };
    }
}
