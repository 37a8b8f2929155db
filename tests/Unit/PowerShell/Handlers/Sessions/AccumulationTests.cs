
namespace Jobs.Tests.PowerShell.Handlers.Sessions;

/// <summary>Measures the process, and so has it for itself.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneCollection;

[Collection("Alone")]
public sealed class AccumulationTests
{
    [Fact]
    public async Task Nothing_accumulates()
    {
        await using var bench = new Bench();
        bench.Register("busy", "param($x) class C { [int] $V }; $c = [C]::new(); $global:y = @(1) * 1000; function g { }; Write-Warning 'w'; try { throw 'x' } catch { }; $x");
        async Task Many(int count)
        {
            var runs = Enumerable.Range(0, count).Select(n => new FakeRun("busy", $"{n}")).ToList();
            foreach (var run in runs) bench.Source.Add(run);
            await runs[^1].Ended.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
        await Many(500);
        var assemblies = AppDomain.CurrentDomain.GetAssemblies().Length;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Many(3000);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < 2_000_000, $"Grew by {growth:N0} bytes.");
        Assert.True(AppDomain.CurrentDomain.GetAssemblies().Length - assemblies < 100);
    }

    [Fact]
    public async Task A_flood_takes_no_memory()
    {
        await using var bench = new Bench();
        await bench.RunScript("1");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var highest = 0L;
        using var watch = new Timer(_ => highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: false)), null, 0, 20);
        var run = await bench.RunScript("$s = 'x' * 1000; for ($i = 0; $i -lt 100000; $i++) { $s; $Host.UI.WriteLine($s) }");
        Assert.Null(run.Error);
        Assert.Equal(100000, run.LogCount);
        // 200 MB went through.
        Assert.True(highest - before < 150_000_000, $"Took {highest - before:N0} bytes.");
        run = null!;
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 10_000_000);
    }
}
