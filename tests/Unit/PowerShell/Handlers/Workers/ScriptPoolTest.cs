using System.Collections.Concurrent;
using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.Tests.PowerShell.Handlers.Workers;

/// <summary>A test of script handlers in real pools on a real store.</summary>
public abstract class ScriptPoolTest(RedisFixture redis) : StoreTest(redis)
{
    private readonly ConcurrentDictionary<string, ScriptHandler> _handlers = new();
    private readonly List<ScriptWorkers> _workers = [];

    /// <summary>Whether there is time for the long versions.</summary>
    protected static bool IsChaos => Environment.GetEnvironmentVariable("JOBS_CHAOS") == "1";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected void Script(string type, string script, JobDefaults? defaults = null)
    {
        _handlers[type] = Bench.InSession(session => ScriptHandler.FromScriptBlock(type, ScriptBlock.Create(script), session));
        Types.Register(new JobType { Name = type, Defaults = defaults ?? new JobDefaults() });
    }

    protected Task<JobPool> StartScriptPoolAsync(int workers, string initialization = "") => StartPoolAsync(Options(workers, initialization));

    /// <summary>Runs what is due.</summary>
    protected async Task RunScriptsAsync(int workers, string initialization = "")
    {
        var pool = await StartPoolAsync(Options(workers, initialization) with { UntilEmpty = true });
        await pool.Completion.WaitAsync(TimeSpan.FromMinutes(5), Cancel);
    }

    protected async Task<IReadOnlyList<string>> ScheduleManyAsync(string type, int count)
    {
        var ids = new List<string>(count);
        for (var left = count; left > 0; left -= 1000)
        {
            var requests = Enumerable.Repeat(new JobRequest { Type = type }, Math.Min(left, 1000)).ToList();
            ids.AddRange((await Client.ScheduleAsync(requests, Cancel)).Select(job => job.Id));
        }
        return ids;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var workers in _workers) workers.Dispose();
        GC.SuppressFinalize(this);
    }

    private PoolOptions Options(int workers, string initialization)
    {
        var made = ScriptWorkers.Create(
            type => _handlers.GetValueOrDefault(type),
            Bench.InSession(session => ScriptHandler.FromScriptBlock("initialization", ScriptBlock.Create(Bench.Writers + initialization), session)));
        _workers.Add(made);
        return new PoolOptions { Workers = workers, Worker = made.Run };
    }
}
