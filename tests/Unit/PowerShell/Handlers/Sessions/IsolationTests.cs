using Jobs.PowerShell;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.Tests.PowerShell.Handlers.Sessions;

public sealed class IsolationTests
{
    /// <summary>What leaves something behind, what looks for it, and what it finds in a fresh runspace.</summary>
    public static TheoryData<string, string> Leaks => new()
    {
        { "$x = 1", "$x" },
        { "$script:x = 1", "$x" },
        { "$global:x = 1", "$x" },
        { "$global:known = 2", "$known" },
        { "$global:known = @{}", "$known" },
        { "Remove-Item variable:global:known", "$known" },
        { "$global:x = 1; $ExecutionContext.SessionState.PSVariable.Get('x').Options = 'ReadOnly'", "$x" },
        { "function f { 1 }; function global:g { 1 }", "[string](Get-Command f, g -ErrorAction SilentlyContinue)" },
        { "function global:Test-Known { 'changed' }", "Test-Known" },
        { "Remove-Item function:global:Test-Known", "Test-Known" },
        { "Set-Item alias:zz Get-Command; Set-Item alias:gcm Get-Module", "(Get-Command gcm).Definition; [string](Get-Command zz -ErrorAction SilentlyContinue)" },
        { "Set-StrictMode -Version Latest", "$nowhere" },
        { "$null = $ExecutionContext.SessionState.Path.SetLocation('/tmp')", "$PWD.Path; (Get-Location).Path" },
        { "[cultureinfo]::CurrentCulture = 'tr-TR'; [cultureinfo]::CurrentUICulture = 'tr-TR'", "[cultureinfo]::CurrentCulture.Name; [cultureinfo]::CurrentUICulture.Name" },
        { "try { /bin/sh -c 'exit 4' } catch { }", "$LASTEXITCODE" },
        { "try { throw 1 } catch { }", "$Error.Count" },
        { "$global:ErrorActionPreference = 'Ignore'", "\"$ErrorActionPreference\"" },
        { "$global:VerbosePreference = 'Continue'; $global:WarningPreference = 'Ignore'", "\"$VerbosePreference $WarningPreference\"" },
        { "$global:PSNativeCommandUseErrorActionPreference = $false", "$PSNativeCommandUseErrorActionPreference" },
        { "$PSDefaultParameterValues['*:Verbose'] = $true", "$PSDefaultParameterValues.Count" },
        { "$null = $ExecutionContext.Events.SubscribeEvent($null, $null, 'PowerShell.Exiting', $null, { }, $false, $false)", "$ExecutionContext.Events.Subscribers.Count" },
        { "$global:_ = 4; $global:JobContext = 5", "$_; \"$($JobContext.GetType())\"" },
        { "$ExecutionContext.SessionState.PSVariable.Set([psvariable]::new('x', 1, 'AllScope'))", "$x" },
        { "[Threading.Thread]::CurrentPrincipal = [Security.Principal.GenericPrincipal]::new([Security.Principal.GenericIdentity]::new('me'), $null)", "[string][Threading.Thread]::CurrentPrincipal.Identity.Name" },
        { "[Threading.Thread]::CurrentThread.Priority = 'Lowest'; [Threading.Thread]::CurrentThread.Name = 'x'; [Threading.Thread]::CurrentThread.IsBackground = $false", "[Threading.Thread]::CurrentThread.ForEach{ \"$($_.Priority) $($_.IsBackground) $($_.Name -replace '\\d')\" }" },
        { "$ExecutionContext.SessionState.InvokeCommand.CommandNotFoundAction = { }", "$ExecutionContext.SessionState.InvokeCommand.CommandNotFoundAction.Target.GetType().Name" },
        { "$ExecutionContext.SessionState.InvokeCommand.PreCommandLookupAction = { }", "[string]$ExecutionContext.SessionState.InvokeCommand.PreCommandLookupAction" },
        { "$ExecutionContext.SessionState.InvokeCommand.PostCommandLookupAction = { }", "[string]$ExecutionContext.SessionState.InvokeCommand.PostCommandLookupAction" },
        { "$null = $ExecutionContext.SessionState.Drive.New([System.Management.Automation.PSDriveInfo]::new('Left', $ExecutionContext.SessionState.Provider.GetOne('Function'), '', '', $null), 'Global')", "$ExecutionContext.SessionState.Drive.GetAll().Name -contains 'Left'" },
        { "$ExecutionContext.SessionState.Drive.Get('Function').CurrentLocation = 'x'", "$ExecutionContext.SessionState.Drive.Get('Function').CurrentLocation" },
    };

    internal const string Known = "\n$global:known = 'init'\nfunction Test-Known { 'init' }\nfunction Set-Item($Path, $Value) { $null = $ExecutionContext.InvokeProvider.Item.Set($Path.Replace(':', ':global:'), $Value) }\nfunction Remove-Item($Path) { $ExecutionContext.InvokeProvider.Item.Remove($Path, $false) }\nfunction Get-Location { $ExecutionContext.SessionState.Path.CurrentLocation }";

    [Theory, MemberData(nameof(Leaks))]
    public async Task Nothing_leaks_to_the_next_job(string leak, string look)
    {
        await using var bench = new Bench();
        bench.Initialization += Known;
        var before = await bench.RunScript(look);
        var leaking = await bench.RunScript(leak);
        Assert.Null(leaking.Error);
        var after = await bench.RunScript(look);
        Assert.Null(before.Error);
        Assert.Null(after.Error);
        Assert.Equal(before.Items, after.Items);
    }

    /// <summary>What can't be set back: the runspace gives way to a new one.</summary>
    public static TheoryData<string, string> Spoilers => new()
    {
        { "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'", "[string]$ExecutionContext.SessionState.LanguageMode" },
        { "Set-PSDebug -Strict", "try { $null = $nowhere; 'lax' } catch { 'strict' }" },
        { "Set-PSDebug -Trace 1", "'traced?'" },
        { "$null = [runspace]::DefaultRunspace.Debugger.SetCommandBreakpoint('Get-Command', { }, $null)", "@([runspace]::DefaultRunspace.Debugger.GetBreakpoints()).Count" },
        { "$ExecutionContext.SessionState.Applications.Clear()", "$ExecutionContext.SessionState.Applications.Count" },
        { "$ExecutionContext.SessionState.InvokeCommand.LocationChangedAction = { }", "[string]$ExecutionContext.SessionState.InvokeCommand.LocationChangedAction" },
        { "Remove-Module Stay", "Get-Stay" },
    };

    [Theory, MemberData(nameof(Spoilers))]
    public async Task Finding_26_What_cannot_be_set_back_costs_the_runspace(string leak, string look)
    {
        using var folder = new TempFolder();
        var path = Path.Join(folder.Path, "Stay.psm1");
        await File.WriteAllTextAsync(path, "function Get-Stay { 'stays' }", TestContext.Current.CancellationToken);
        await using var bench = new Bench { Modules = [path] };
        look += "; [runspace]::DefaultRunspace.Id";
        var before = await bench.RunScript(look);
        Assert.Null((await bench.RunScript(leak)).Error);
        var after = await bench.RunScript(look);
        Assert.Null(after.Error);
        Assert.Equal(before.Items[0], after.Items[0]);
        Assert.NotEqual(before.Items[1], after.Items[1]);
    }

    [Fact]
    public async Task What_a_module_brings_stays_with_it()
    {
        using var folder = new TempFolder();
        var path = Path.Join(folder.Path, "Stay.psm1");
        await File.WriteAllTextAsync(path, "function Get-Stay { 'stays' }; $Known = 5; Export-ModuleMember -Function * -Variable Known", TestContext.Current.CancellationToken);
        await using var bench = new Bench();
        foreach (var import in new[] { $"Import-Module '{path}' -Global", $"Import-Module '{path}' -Global -Force" })
        {
            Assert.Null((await bench.RunScript(import)).Error);
            Assert.Equal(["stays", 5], (await bench.RunScript("Get-Stay; $Known")).Items);
        }
    }

    [Fact]
    public async Task Interleaved_leaks_and_looks_find_nothing()
    {
        await using var bench = new Bench();
        bench.Initialization += Known;
        bench.Register("leak", string.Join("; ", Leaks.Select(row => row.Data.Item1).Where(leak => !leak.Contains("Error", StringComparison.Ordinal) && !leak.Contains("Remove", StringComparison.Ordinal))));
        bench.Register("look", "\"$x|$known|$(Test-Known)|$((Get-Command gcm).Definition)|$([cultureinfo]::CurrentCulture.Name)|$ErrorActionPreference|$VerbosePreference|$LASTEXITCODE|$($Error.Count)|$PWD|$($PSDefaultParameterValues.Count)|$($ExecutionContext.Events.Subscribers.Count)\"");
        var sources = Enumerable.Range(0, 4).Select(_ => bench.AddWorker()).ToList();
        var looks = new List<FakeRun>();
        for (var i = 0; i < 500; i++)
        {
            var run = new FakeRun(i % 8 < 4 ? "leak" : "look");
            if (run.Job.Type == "look") looks.Add(run);
            sources[i % 4].Add(run);
        }
        await Task.WhenAll(looks.Select(run => run.Ended)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var expected = $"|init|init|Get-Command|{System.Globalization.CultureInfo.CurrentCulture.Name}|Stop|SilentlyContinue||0|{Environment.CurrentDirectory}|0|0";
        Assert.All(looks, run => Assert.Equal(expected, Assert.Single(run.Items)));
    }

    [Fact]
    public async Task Each_job_of_an_isolated_type_has_a_runspace_of_its_own()
    {
        await using var bench = new Bench();
        var options = new HandlerOptions { Isolation = JobIsolation.Runspace };
        bench.Register("alone", "[runspace]::DefaultRunspace.Id", options).Register("shared", "[runspace]::DefaultRunspace.Id");
        var ids = new List<object?>();
        foreach (var type in new[] { "shared", "alone", "shared", "alone" }) ids.Add(Assert.Single((await bench.Run(type)).Items));
        Assert.Equal(ids[0], ids[2]);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task Keeps_streams_apart_between_workers()
    {
        await using var bench = new Bench();
        bench.Register("talk", "param($n) for ($i = 0; $i -lt 50; $i++) { Write-Warning $n; $n }");
        var sources = Enumerable.Range(0, 4).Select(_ => bench.AddWorker()).ToList();
        var runs = Enumerable.Range(0, 80).Select(n => new FakeRun("talk", $"{n}")).ToList();
        for (var i = 0; i < runs.Count; i++) sources[i % 4].Add(runs[i]);
        await Task.WhenAll(runs.Select(run => run.Ended)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.All(runs, run =>
        {
            Assert.Equal(50, run.Entries.Count);
            Assert.All(run.Entries, entry => Assert.Equal(run.Job.Data, entry.Message));
            Assert.All(run.Output!.Items, item => Assert.Equal(run.Job.Data, item));
        });
    }
}
