using System.Diagnostics;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Jobs.Core;
using Jobs.Tests.PowerShell.Handlers.Workers;

namespace Jobs.Tests.PowerShell.Handlers.Sessions;

/// <summary>What a pool holds after many jobs is what it held after a few.</summary>
[Collection("Alone")]
[Trait("Category", "Chaos")]
public sealed class LongLifeTests(RedisFixture redis) : ScriptPoolTest(redis)
{
    [Fact]
    public async Task A_pool_does_not_grow_with_the_jobs_it_has_run()
    {
        var (first, all) = IsChaos ? (20_000, 100_000) : (2_000, 6_000);
        Script("work", "param($x) $global:y = @(1) * 100; function g { }; Write-Warning 'w'; Write-Progress 'p'; try { throw 'x' } catch { }; @{ a = 1 }");
        var pool = await StartScriptPoolAsync(2);

        await RunAsync(pool, first);
        var before = Usage();
        await RunAsync(pool, all);
        var after = Usage();

        TestContext.Current.TestOutputHelper?.WriteLine($"after {first:N0}: {before}{Environment.NewLine}after {all:N0}: {after}");
        Assert.True(after.Heap < before.Heap * 1.05, $"heap: {before.Heap:N0} to {after.Heap:N0} bytes");
        if (IsChaos) Assert.True(after.Resident < before.Resident * 1.05, $"resident: {before.Resident:N0} to {after.Resident:N0} bytes");
        Assert.Equal(before.Runspaces, after.Runspaces);
        // The thread pool has its own ideas; one thread a job would be thousands.
        Assert.True(after.Threads <= before.Threads + 8, $"threads: {before.Threads} to {after.Threads}");
        Assert.True(after.Handles <= before.Handles + 16, $"handles: {before.Handles} to {after.Handles}");
    }

    private async Task RunAsync(JobPool pool, int upTo)
    {
        // By the thousand, so that neither side waits for the other.
        while (pool.Info.Processed is var done && done < upTo)
        {
            await ScheduleManyAsync("work", (int)Math.Min(1000, upTo - done));
            var target = Math.Min(done + 1000, upTo);
            await Wait.UntilAsync(() => pool.Info.Processed >= target, "the batch has run");
        }
    }

    /// <summary>What Get-Runspace lists, without the module that it belongs to.</summary>
    private static int Runspaces() =>
        ((IReadOnlyCollection<Runspace>)typeof(Runspace).GetProperty("RunspaceList", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!).Count;

    private static (long Heap, long Resident, int Runspaces, int Threads, int Handles) Usage()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        var handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount;
        return (heap, process.WorkingSet64, Runspaces(), process.Threads.Count, handles);
    }
}
