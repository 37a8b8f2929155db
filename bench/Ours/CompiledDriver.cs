using System.Diagnostics;
using System.Runtime.InteropServices;
using Jobs.Bench.Protocol;
using Jobs.Core;

namespace Jobs.Bench.Ours;

/// <summary>Jobs as a user of C# has it: Jobs.Core with compiled handlers.</summary>
internal sealed class CompiledDriver
{
    private Request _settings = new() { Op = "" };
    private JobTypeRegistry _types = new();
    private JobClient? _client;
    private List<JobStore> _stores = [];
    private List<JobPool> _pools = [];
    private TaskCompletionSource<long>? _begun;

    public async Task<Reply> AnswerAsync(Request request)
    {
        switch (request.Op)
        {
            case "hello":
                return new Reply { Pid = Environment.ProcessId, Version = $"Jobs.Core {typeof(JobStore).Assembly.GetName().Version?.ToString(3)}, {RuntimeInformation.FrameworkDescription}" };
            case "open":
                await OpenAsync(request);
                return Reply.Done;
            case "schedule":
                return await ScheduleAsync(request);
            case "start":
                foreach (var store in _stores)
                {
                    var pool = new JobPool(store, _types, new PoolOptions { Workers = _settings.Workers });
                    _pools.Add(pool);
                    await pool.StartAsync();
                }
                return Reply.Done;
            case "ended":
                return new Reply { Count = _pools.Sum(pool => pool.Info.Processed) };
            case "pickUp":
                return await PickUpAsync(request.Count);
            case "collect":
                return new Reply { Heap = GC.GetTotalMemory(forceFullCollection: true) };
            case "stop":
                await StopAsync();
                return Reply.Done;
            case "close":
                await CloseAsync();
                return Reply.Done;
            default:
                return new Reply { Error = $"Jobs.Core cannot {request.Op}." };
        }
    }

    private async Task CloseAsync()
    {
        await StopAsync();
        foreach (var store in _stores) await store.DisposeAsync();
        _stores = [];
    }

    private async Task OpenAsync(Request request)
    {
        await CloseAsync();
        _settings = request;
        // As on as many machines: each pool has a connection of its own.
        for (var i = 0; i < request.Pools; i++)
        {
            _stores.Add(await JobStore.ConnectAsync(new StoreOptions
            {
                Configuration = request.Redis!,
                Namespace = request.Name!,
                Retention = request.Keep >= 0 ? new RetentionOptions { MaxCount = request.Keep } : null,
            }));
        }
        _types = new JobTypeRegistry();
        _types.Register(new JobType { Name = "work", Handler = Handler(request.Milliseconds) });
        _client = new JobClient(_stores[0], _types);
    }

    private JobHandler Handler(int milliseconds) => milliseconds == 0
        ? (_, _) =>
        {
            _begun?.TrySetResult(Stopwatch.GetTimestamp());
            return Task.FromResult<JobOutput?>(null);
        }
        : async (_, stop) =>
        {
            await Task.Delay(milliseconds, stop);
            return null;
        };

    private async Task<Reply> ScheduleAsync(Request request)
    {
        var due = request.Delay > 0 ? TimeSpan.FromSeconds(request.Delay) : (TimeSpan?)null;
        JobRequest Job(int i) => new() { Type = "work", Data = Data(i), In = due };
        var start = Stopwatch.GetTimestamp();
        if (request.OneByOne)
        {
            for (var i = 0; i < request.Count; i++) await _client!.ScheduleAsync(Job(i));
        }
        else
        {
            await _client!.ScheduleAsync([.. Enumerable.Range(0, request.Count).Select(Job)]);
        }
        return new Reply { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private async Task<Reply> PickUpAsync(int count)
    {
        var times = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            _begun = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var start = Stopwatch.GetTimestamp();
            await _client!.ScheduleAsync(new JobRequest { Type = "work", Data = Data(i) });
            times.Add(Stopwatch.GetElapsedTime(start, await _begun.Task).TotalMicroseconds);
            await Task.Delay(10);
        }
        _begun = null;
        return new Reply { Microseconds = times };
    }

    private async Task StopAsync()
    {
        await Task.WhenAll(_pools.Select(pool => pool.StopAsync()));
        foreach (var pool in _pools) await pool.DisposeAsync();
        _pools = [];
    }

    private static string Data(int i) => i.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
