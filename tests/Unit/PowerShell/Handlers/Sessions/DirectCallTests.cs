using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Sessions;

namespace Jobs.Tests.PowerShell.Handlers.Sessions;

/// <summary>A handler called directly behaves as one called by a script, of which it only is the quicker way.</summary>
public sealed class DirectCallTests
{
    /// <summary>What makes a script ask how it was called, and so be called by one.</summary>
    private const string ByScript = "\nif ($false) { $MyInvocation }";

    [Fact]
    public void This_PowerShell_has_it() => Assert.True(DirectCall.IsAvailable);

    [Theory]
    [InlineData("1; 2", null)]
    [InlineData("param($x) $x", "[1,2,3]")]
    [InlineData("param($x) $x.GetType().Name", "7")]
    [InlineData("param([int] $x) $x + 1", "7")]
    [InlineData("param([int] $x) $x + 1", "\"7\"")]
    [InlineData("param([int] $x) $x + 1", "\"seven\"")]
    [InlineData("param([string] $x) $x + 1", "\"7\"")]
    [InlineData("param([string] $x) $x + 1", "7")]
    [InlineData("param([string] $x) \"<$x>\"", "null")]
    [InlineData("param([string] $x) \"<$x>\"", null)]
    [InlineData("param($x, $y = 5, [int] $z = 6) $x, $y, $z", "1")]
    [InlineData("param($x, $y = 5) $x, $y, $PSBoundParameters.Count", "1")]
    [InlineData("param($A, $B) $A, $B, $PSBoundParameters.A, $PSBoundParameters.Count", "{\"b\":2,\"a\":1}", true)]
    [InlineData("param($A, $B = 9) $A, $B, ($PSBoundParameters.Keys -join ',')", "{\"A\":1}", true)]
    [InlineData("param($A = 8, $B) $A, $B", "{\"B\":1}", true)]
    [InlineData("param($A, [switch] $B) $A, [bool] $B", "{\"A\":1,\"B\":true}", true)]
    [InlineData("param($A) $A, $args.Count", "{\"A\":1,\"C\":true}", true)]
    [InlineData("param($A) $A", "{}", true)]
    [InlineData("$args.Count; $_", "[1,2]")]
    [InlineData("$args.Count; $_", null)]
    [InlineData("'before'; throw 'it broke'", null)]
    [InlineData("'before'; Write-Error 'reported'; 'after'", null)]
    [InlineData("'before'; [int]::Parse('x')", null)]
    [InlineData("'before'; Get-Nothing", null)]
    [InlineData("function f { throw 'deep' }\nfunction g { f }\ng", null)]
    [InlineData("'before'; exit 3", null)]
    [InlineData("'before'; exit", null)]
    [InlineData("'before'; break; 'after'", null)]
    [InlineData("'before'; return 'returned'; 'after'", null)]
    [InlineData("try { throw 'a' } catch { \"caught $_\" } finally { 'finally' }", null)]
    [InlineData("trap { \"trapped $_\"; continue } throw 'a'; 'on'", null)]
    [InlineData("$x = 1; $script:y = 2; $global:z = 3; function f { $x + $y + $z } f", null)]
    [InlineData("Set-StrictMode -Version 3; $undefined", null)]
    [InlineData("& { param($n) $n * 2 } 21; . { 'dotted' }", null)]
    [InlineData("1..3 | ForEach-Object { $_ * 2 } | Where-Object { $_ -gt 2 }", null)]
    [InlineData("$Error.Count; try { 1 / 0 } catch { }; $Error.Count", null)]
    public async Task Gives_what_a_call_by_a_script_gives(string script, string? data, bool parameters = false)
    {
        foreach (var policy in Enum.GetValues<JobErrorPolicy>())
        {
            await using var bench = new Bench();
            var options = new HandlerOptions { ErrorPolicy = policy };
            var direct = await bench.RunScript(script, data, parameters, options);
            var byScript = await bench.RunScript(script + ByScript, data, parameters, options);
            Assert.Equal(byScript.Items, direct.Items);
            Assert.Equal(Bare(byScript.Error), Bare(direct.Error));
            Assert.Equal(byScript.Error?.Position, direct.Error?.Position);
            Assert.Equal(byScript.Error?.StackTrace, direct.Error?.StackTrace);
        }
    }

    [Theory]
    [InlineData("param($x) $x", true)]
    [InlineData("param([string] $x) $x", true)]
    [InlineData("param([int] $x) $x", false)]
    [InlineData("", true)]
    [InlineData("[CmdletBinding()] param() 1", false)]
    [InlineData("param([ValidateLength(1, 9)] $x) $x", false)]
    [InlineData("process { $_ }", false)]
    [InlineData("end { 1 }", false)]
    [InlineData("clean { 1 }", false)]
    [InlineData("$input", false)]
    [InlineData("& { $MyInvocation }", false)]
    public void Is_taken_where_a_binder_would_have_nothing_to_do(string script, bool isDirect)
    {
        Bench.InSession(session =>
        {
            var handler = new CompiledHandler(ScriptHandler.FromScriptBlock("T", ScriptBlock.Create(script), session));
            var call = handler.CallFor(new ScheduledJob { Id = "1", Type = "T", Queue = "default", Data = "\"text\"" }, out _);
            Assert.Equal(isDirect, call.IsDirect);
            return 0;
        });
    }

    [Fact]
    public async Task Leaves_nothing_for_the_next_job()
    {
        await using var bench = new Bench();
        await bench.RunScript("$x = 1; $global:y = 2; function f { }; Set-StrictMode -Version 3");
        var run = await bench.RunScript("\"$x$y\"; [bool](Get-Command f -ErrorAction Ignore); $undefined");
        Assert.Equal(["", false, null], run.Items);
    }

    private static JobError? Bare(JobError? error) => error is null ? null : error with { Position = null, StackTrace = null };
}
