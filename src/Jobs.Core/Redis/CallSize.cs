using System.Runtime.InteropServices;
using System.Text;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>How many bytes a call carries, there or back. Only a single value may be larger.</summary>
internal static class CallSize
{
    /// <summary>The most that is put together for one call: the store is busy with it for some milliseconds.</summary>
    public const int Most = 4 << 20;

    /// <summary>What others on the same connection hardly notice, also on a slow link: the heartbeats of pools above all.</summary>
    public const int Small = 256 << 10;

    /// <summary>What a value takes on the wire, with what stands around it.</summary>
    public static int Of(string? value) => value is null ? 0 : Encoding.UTF8.GetByteCount(value) + 16;

    /// <summary>What arguments from the given one on take.</summary>
    public static long Of(List<RedisValue> arguments, int from) => Of(CollectionsMarshal.AsSpan(arguments)[from..]);

    /// <summary>What arguments take.</summary>
    public static long Of(ReadOnlySpan<RedisValue> arguments)
    {
        var bytes = 0L;
        foreach (var argument in arguments) bytes += argument.Length() + 16;
        return bytes;
    }
}
