using System.Globalization;
using StackExchange.Redis;

namespace Jobs.Tests;

/// <summary>A job's packed fields by the names of their parts (include/jobs.lua), and claims as scripts tell them.</summary>
internal static class Packed
{
    private static readonly (string Field, string[] Parts)[] Fields =
    [
        ("state", ["status", "fence", "base", "started", "ended", "flags"]),
        ("job", ["type", "queue", "priority", "seq", "created"]),
    ];

    /// <summary>A part of a packed field, or a field of its own; null when it is not there.</summary>
    public static string? Get(IDatabase redis, RedisKey job, string name)
    {
        var (field, at) = Find(name);
        var value = (string?)redis.HashGet(job, field);
        return at < 0 ? value : value?.Split(' ').ElementAtOrDefault(at);
    }

    /// <summary>Sets a part of a packed field, or a field of its own; null takes it away.</summary>
    public static void Set(IDatabase redis, RedisKey job, string name, string? value)
    {
        var (field, at) = Find(name);
        if (at >= 0)
        {
            var parts = ((string?)redis.HashGet(job, field) ?? "").Split(' ');
            if (at >= parts.Length) Array.Resize(ref parts, at + 1);
            parts[at] = value ?? "";
            value = string.Join(' ', parts);
        }
        if (value is null) redis.HashDelete(job, field);
        else redis.HashSet(job, field, value);
    }

    /// <summary>The jobs that a script has claimed, which it tells from the fourth element on.</summary>
    public static List<(string Id, int Fence)> Claims(RedisResult reply)
    {
        var values = (RedisResult[])reply!;
        var claims = new List<(string, int)>();
        for (var at = 3; at < values.Length; at += 5 + (int)values[at + 4])
        {
            claims.Add(((string)values[at]!, int.Parse(((string)values[at + 1]!).Split(' ')[1], CultureInfo.InvariantCulture)));
        }
        return claims;
    }

    private static (string Field, int At) Find(string name)
    {
        foreach (var (field, parts) in Fields)
        {
            if (Array.IndexOf(parts, name) is >= 0 and var at) return (field, at);
        }
        return (name, -1);
    }
}
