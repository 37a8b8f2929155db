using System.Diagnostics;
using System.Runtime.InteropServices;
using Hangfire;
using Hangfire.Redis.StackExchange;
using Jobs.Bench.Protocol;
using StackExchange.Redis;

namespace Jobs.Bench.Hangfire;

/// <summary>Hangfire on Redis. It has no call that schedules in bulk: many are scheduled one by one.</summary>
internal sealed class HangfireDriver : IAsyncDisposable
{
    private Request _settings = new() { Op = "" };
    private ConnectionMultiplexer? _redis;
    private RedisStorage? _storage;
    private BackgroundJobServer? _server;

    public async Task<Reply> AnswerAsync(Request request)
    {
        switch (request.Op)
        {
            case "hello":
                return new Reply { Pid = Environment.ProcessId, Version = $"Hangfire {typeof(BackgroundJob).Assembly.GetName().Version?.ToString(3)}, {RuntimeInformation.FrameworkDescription}" };
            case "open":
                await CloseAsync();
                _settings = request;
                _redis = await ConnectionMultiplexer.ConnectAsync(request.Redis!);
                _storage = new RedisStorage(_redis, new RedisStorageOptions { Prefix = $"{{{request.Name}}}:", SucceededListSize = request.Keep < 0 ? 1_000_000 : request.Keep });
                return Reply.Done;
            case "schedule":
                return Schedule(request.Count, TimeSpan.FromSeconds(request.Delay));
            case "start":
                Work.Reset(_settings.Milliseconds);
                _server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = _settings.Workers, SchedulePollingInterval = TimeSpan.FromSeconds(1) }, _storage);
                return Reply.Done;
            case "ended":
                return new Reply { Count = Work.Ended };
            case "pickUp":
                return await PickUpAsync(request.Count);
            case "collect":
                return new Reply { Heap = GC.GetTotalMemory(forceFullCollection: true) };
            case "stop":
                _server?.Dispose();
                _server = null;
                return Reply.Done;
            case "close":
                await CloseAsync();
                return Reply.Done;
            default:
                return new Reply { Error = $"Hangfire cannot {request.Op}." };
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private Reply Schedule(int count, TimeSpan delay)
    {
        var client = new BackgroundJobClient(_storage);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var data = i;
            if (delay == TimeSpan.Zero) client.Enqueue(() => Work.Run(data));
            else client.Schedule(() => Work.Run(data), delay);
        }
        return new Reply { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private async Task<Reply> PickUpAsync(int count)
    {
        var client = new BackgroundJobClient(_storage);
        var times = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var begun = Work.NextBegin();
            var start = Stopwatch.GetTimestamp();
            client.Enqueue(() => Work.Run(0));
            times.Add(Stopwatch.GetElapsedTime(start, await begun).TotalMicroseconds);
            await Task.Delay(10);
        }
        return new Reply { Microseconds = times };
    }

    private async Task CloseAsync()
    {
        _server?.Dispose();
        _server = null;
        if (_redis is not null) await _redis.DisposeAsync();
        _redis = null;
    }
}

/// <summary>The jobs' handler: Hangfire calls public methods of public classes.</summary>
public static class Work
{
    private static int s_milliseconds;
    private static long s_ended;
    private static TaskCompletionSource<long>? s_begun;

    internal static long Ended => Interlocked.Read(ref s_ended);

    internal static void Reset(int milliseconds) => (s_milliseconds, s_ended) = (milliseconds, 0);

    internal static Task<long> NextBegin() => (s_begun = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Does nothing, or takes its time.</summary>
    /// <param name="data">As much as the other systems' jobs carry.</param>
    public static void Run(int data)
    {
        s_begun?.TrySetResult(Stopwatch.GetTimestamp());
        if (s_milliseconds > 0) Thread.Sleep(s_milliseconds);
        Interlocked.Increment(ref s_ended);
    }
}
