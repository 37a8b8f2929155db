using Jobs.Core;
using Jobs.PowerShell;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.Tests.PowerShell.Handlers.Sessions;

/// <summary>What a handler is given, and what becomes of how it ends.</summary>
public sealed class PumpTests
{
    [Theory]
    [InlineData("'a'; 2; 3.5; $null; @(1, 2); [pscustomobject]@{ X = 1 }", null, 7)]
    [InlineData("1 | Out-Null", null, 0)]
    [InlineData("return 4; 5", null, 1)]
    public async Task Keeps_the_output(string script, string? data, int count)
    {
        await using var bench = new Bench();
        var run = await bench.RunScript(script, data);
        Assert.Null(run.Error);
        Assert.Equal(count, run.Items.Length);
    }

    [Theory]
    [InlineData("param($x) $x", "5", 5)]
    [InlineData("param($x) $x.Count", "[1,2,3]", 3)]
    [InlineData("$_", "\"text\"", "text")]
    [InlineData("$args[0]", "\"text\"", "text")]
    [InlineData("$args.Count", null, 0)]
    [InlineData("param($x) $null -eq $x", "null", true)]
    [InlineData("$args.Count", "null", 1)]
    [InlineData("param([timespan] $x) $x.TotalMinutes", "\"01:00:00\"", 60.0)]
    [InlineData("[CmdletBinding()] param() $_", "6", 6)]
    [InlineData("process { $_ + 1 }", "6", 7)]
    [InlineData("begin { $a = 1 } process { $a++ } end { $a }", "6", 2)]
    [InlineData("param([Parameter(Mandatory)] $x) $x.Name", "{\"Name\":\"n\"}", "n")]
    [InlineData("function f { $_ } f", "8", 8)]
    [InlineData("$all = 1..2 | ForEach-Object { $_ }; $all[-1]", "8", 2)]
    public async Task Hands_data_over(string script, string? data, object expected)
    {
        await using var bench = new Bench();
        var run = await bench.RunScript(script, data);
        Assert.Null(run.Error);
        Assert.Equal(expected, Assert.Single(run.Items));
    }

    [Fact]
    public async Task Splats_parameters()
    {
        await using var bench = new Bench();
        var run = await bench.RunScript("param([string] $To, [int] $Times = 3, [switch] $Loud) \"$To $Times $Loud $($PSBoundParameters.Count)\"", """{"To":"bob","Loud":true}""", parameters: true);
        Assert.Equal("bob 3 True 2", Assert.Single(run.Items));
    }

    [Fact]
    public async Task Tells_the_job_about_itself()
    {
        await using var bench = new Bench();
        var run = await bench.RunScript("$JobContext.Id, $JobContext.Type, $JobContext.Attempt, $JobContext.Priority, $JobContext.Queue, $JobContext.PoolId, $JobContext.Due.Kind, $JobContext.Deadline, $JobContext.CancellationToken.IsCancellationRequested");
        Assert.Equal([run.Job.Id, "T0", 1, 7, "default", "pool1", "Local", null, false], run.Items);
    }

    [Theory]
    [InlineData("throw 'no'", "no", "System.Management.Automation.RuntimeException")]
    [InlineData("throw [System.IO.IOException]::new('disk')", "disk", "System.IO.IOException")]
    [InlineData("[int]::Parse('x')", null, "System.FormatException")]
    [InlineData("Write-Error 'bad'", "bad", "System.Exception")]
    [InlineData("Get-Nothing", null, "System.Management.Automation.CommandNotFoundException")]
    [InlineData("1/0", null, "System.DivideByZeroException")]
    [InlineData("exit 3", "The handler ended with exit code 3.", "Jobs.ExitCode")]
    [InlineData("param([int] $x)", null, "System.Management.Automation.ParameterBindingArgumentTransformationException", "\"text\"")]
    [InlineData("[CmdletBinding()] param([Parameter(Mandatory)] $A, $x)", null, "System.Management.Automation.ParameterBindingException")]
    [InlineData("Write-Error 'bad' -ErrorAction Continue", "bad", "System.Exception")]
    [InlineData("/bin/sh -c 'exit 4'", null, "System.Management.Automation.NativeCommandExitException")]
    [InlineData("$Host.UI.ReadLine()", null, "System.Management.Automation.Host.HostException")]
    public async Task Fails_the_job_alone(string script, string? message, string type, string? data = null)
    {
        await using var bench = new Bench();
        var run = await bench.RunScript(script, data);
        Assert.NotNull(run.Error);
        Assert.Equal(type, run.Error.Type);
        if (message is not null) Assert.Equal(message, run.Error.Message);
        Assert.Equal("on", Assert.Single((await bench.RunScript("'on'")).Items));
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("exit 0")]
    [InlineData("break")]
    [InlineData("continue")]
    [InlineData("return")]
    [InlineData("try { throw 1 } catch { }")]
    [InlineData("Write-Error 'x' -ErrorAction SilentlyContinue")]
    [InlineData("/bin/sh -c 'echo news >&2'")]
    public async Task Ends_well(string script)
    {
        await using var bench = new Bench();
        var run = await bench.RunScript("'before'; " + script);
        Assert.Null(run.Error);
        Assert.Equal("before", run.Items[0]);
        Assert.Equal("on", Assert.Single((await bench.RunScript("'on'")).Items));
    }

    [Theory]
    [InlineData("Write-Error 'bad'; 'after'", true)]
    [InlineData("/bin/sh -c 'exit 4'; 'after'", true)]
    [InlineData("[int]::Parse('x'); 'after'", true)]
    [InlineData("throw 'no'", false)]
    public async Task Continues_where_the_policy_says_so(string script, bool succeeds)
    {
        await using var bench = new Bench();
        var run = await bench.RunScript(script, options: new HandlerOptions { ErrorPolicy = JobErrorPolicy.Continue });
        Assert.Equal(succeeds, run.Error is null);
        if (succeeds) Assert.Equal("after", run.Items[^1]);
        // And the next job is strict again.
        Assert.NotNull((await bench.RunScript("Write-Error 'bad'; 'after'")).Error);
    }

    [Fact]
    public async Task Keeps_streams_in_order()
    {
        await using var bench = new Bench();
        var run = await bench.RunScript("""
            Write-Verbose 'silent'; Write-Verbose 'v' -Verbose; Write-Warning 'w'; Write-Debug 'd' -Debug; Write-Information 'i'; Write-Host 'h'
            Write-Host 'a' -NoNewline; Write-Host 'b'; $Host.UI.WriteLine('ui'); Write-Error 'e'; 'out'; Write-Host 'part' -NoNewline
            """, options: new HandlerOptions { ErrorPolicy = JobErrorPolicy.Continue });
        Assert.Equal(
            [(JobLogLevel.Verbose, "v"), (JobLogLevel.Warning, "w"), (JobLogLevel.Debug, "d"), (JobLogLevel.Information, "i"), (JobLogLevel.Information, "h"),
            (JobLogLevel.Information, "ab"), (JobLogLevel.Information, "ui"), (JobLogLevel.Error, "e"), (JobLogLevel.Information, "part")], run.Entries);
        Assert.Equal("out", Assert.Single(run.Items));
    }

    [Fact]
    public async Task Shows_nested_progress_as_one()
    {
        await using var bench = new Bench();
        var run = await bench.RunScript("""
            Write-Progress 'Copy' -Status 'a' -PercentComplete 10
            Write-Progress 'File' -Status '1 of 2' -Id 1 -ParentId 0 -PercentComplete 50
            Write-Progress 'File' -Id 1 -Completed
            Write-Progress 'Copy' -Completed
            """);
        Assert.Equal([new JobProgress("Copy", "a", 10), new JobProgress("Copy", "a", 10, "File: 1 of 2"), new JobProgress("Copy", "a", 10)], run.Progress);
    }

    [Fact]
    public async Task Bounds_what_a_handler_floods()
    {
        await using var bench = new Bench();
        var run = await bench.RunScript("$s = 'x' * 1000; for ($i = 0; $i -lt 20000; $i++) { $s; Write-Warning $s }");
        Assert.Null(run.Error);
        Assert.True(run.Output!.Truncated);
        Assert.True(run.Output.Items.Sum(item => item.Length) <= JobOutput.MaxBytes);
        Assert.Equal(20000, run.LogCount);
    }

    [Fact]
    public async Task Gives_the_place_of_an_error_in_its_file()
    {
        var file = Path.Join(Path.GetTempPath(), $"handler-{Guid.NewGuid():N}.ps1");
        await File.WriteAllTextAsync(file, "function f {\n    throw 'here'\n}\n\nf\n", TestContext.Current.CancellationToken);
        try
        {
            await using var bench = new Bench();
            var run = await bench.Register(Bench.InSession(session => ScriptHandler.FromFile("F", file, session))).Run("F");
            Assert.Equal("here", run.Error!.Message);
            Assert.Contains($"{file}:2 char:5", run.Error.Position, StringComparison.Ordinal);
            Assert.Equal($"at f, {file}: line 2{Environment.NewLine}at <ScriptBlock>, {file}: line 5", run.Error.StackTrace);
            Assert.Equal("OperationStopped", run.Error.Category);
            Assert.Equal("RuntimeException", run.Error.ErrorId);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Gives_the_place_of_an_error_in_the_script_that_registered_it()
    {
        var file = Path.Join(Path.GetTempPath(), $"script-{Guid.NewGuid():N}.ps1");
        await File.WriteAllTextAsync(file, "using namespace System.IO\n\n  $handler = {\n    param($x)\n    [Path]::GetExtension('a.b')\n    $PSScriptRoot\n    throw 'here' }\n$handler\nfunction g(\n $a,\n $b = 2) { throw \"g $a $b\" }\n${function:g}", TestContext.Current.CancellationToken);
        try
        {
            await using var bench = new Bench();
            var (handler, function) = Bench.InCmdlet(cmdlet =>
            {
                var blocks = cmdlet.InvokeCommand.InvokeScript($". '{file}'");
                return (ScriptHandler.FromScriptBlock("S", (System.Management.Automation.ScriptBlock)blocks[0].BaseObject, cmdlet.SessionState), ScriptHandler.FromScriptBlock("G", (System.Management.Automation.ScriptBlock)blocks[1].BaseObject, cmdlet.SessionState));
            });
            var run = await bench.Register(handler).Run("S");
            Assert.Contains($"{file}:7 char:5", run.Error!.Position, StringComparison.Ordinal);
            run = await bench.Register(function).Run("G", "1");
            Assert.Equal("g 1 2", run.Error!.Message);
            Assert.Contains($"{file}:11 char:12", run.Error.Position, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Runs_commands_functions_and_programs()
    {
        await using var bench = new Bench();
        var (function, cmdlet, program) = Bench.InCmdlet(cmdlet => (
            ScriptHandler.FromCommand("F", "Get-Double", cmdlet), ScriptHandler.FromCommand("C", "Get-Command", cmdlet), ScriptHandler.FromCommand("P", "printf", cmdlet)),
            setup: "function Get-Double($x) { $x * 2 }");
        Assert.Equal(8, Assert.Single((await bench.Register(function).Run("F", "4")).Items));
        Assert.Null((await bench.Register(cmdlet).Run("C", """{"Name":"Get-Module"}""", parameters: true)).Error);
        Assert.Equal("hi", Assert.Single((await bench.Register(program).Run("P", "\"hi\"")).Items));
        var missing = Assert.Throws<HandlerException>(() => Bench.InCmdlet(cmdlet => ScriptHandler.FromCommand("X", "Get-Nothing", cmdlet)));
        Assert.Equal("HandlerCommandNotFound", missing.ErrorRecord.FullyQualifiedErrorId);
    }

    [Fact]
    public async Task Replaces_a_handler_in_a_running_worker()
    {
        await using var bench = new Bench();
        bench.Register("T", "1");
        Assert.Equal(1, Assert.Single((await bench.Run("T")).Items));
        bench.Register("T", "2");
        Assert.Equal(2, Assert.Single((await bench.Run("T")).Items));
        Assert.True((await bench.Run("unknown")).IsReleased);
        Assert.Equal("InvalidData", (await bench.Run("T", "{oops")).Error!.ErrorId);
    }
}
