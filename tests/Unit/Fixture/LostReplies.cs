using System.Reflection;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Jobs.Tests;

/// <summary>A connection on which each script is run by the store, and every other reply is lost.</summary>
public class LostReplies : DispatchProxy
{
    private object _target = null!;
    private StrongBox<int> _calls = new();

    public static IConnectionMultiplexer Of(IConnectionMultiplexer target) => Wrap(target, new StrongBox<int>());

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(_target, BindingFlags.DoNotWrapExceptions, null, args, null);
        return result switch
        {
            IDatabase database => Wrap(database, _calls),
            Task<RedisResult> reply => Interlocked.Increment(ref _calls.Value) % 2 == 1 ? LoseAsync(reply) : reply,
            _ => result,
        };
    }

    private static T Wrap<T>(T target, StrongBox<int> calls)
        where T : class
    {
        var proxy = Create<T, LostReplies>();
        var lossy = Unsafe.As<LostReplies>(proxy);
        (lossy._target, lossy._calls) = (target, calls);
        return proxy;
    }

    private static async Task<RedisResult> LoseAsync(Task<RedisResult> reply)
    {
        await reply;
        throw new TimeoutException("The reply was lost.");
    }
}
