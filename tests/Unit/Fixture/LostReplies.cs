using System.Reflection;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Jobs.Tests;

/// <summary>A connection on which each script is run by the store, and every other reply is lost.</summary>
public class LostReplies : DispatchProxy
{
    private object _target = null!;
    private int _calls;

    public static IConnectionMultiplexer Of(IConnectionMultiplexer target) => Wrap(target);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(_target, BindingFlags.DoNotWrapExceptions, null, args, null);
        return result switch
        {
            IDatabase database => Wrap(database),
            Task<RedisResult> reply => Interlocked.Increment(ref _calls) % 2 == 1 ? LoseAsync(reply) : reply,
            _ => result,
        };
    }

    private static T Wrap<T>(T target)
        where T : class
    {
        var proxy = Create<T, LostReplies>();
        Unsafe.As<LostReplies>(proxy)._target = target;
        return proxy;
    }

    private static async Task<RedisResult> LoseAsync(Task<RedisResult> reply)
    {
        await reply;
        throw new TimeoutException("The reply was lost.");
    }
}
