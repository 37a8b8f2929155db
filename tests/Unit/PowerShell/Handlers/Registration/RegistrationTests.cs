using System.Collections;
using System.Management.Automation;
using Jobs.PowerShell;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.Tests.PowerShell.Handlers.Registration;

/// <summary>What is taken along at registration, and what is refused there.</summary>
public sealed class RegistrationTests
{
    [Theory]
    [InlineData("$using:name", "bob")]
    [InlineData("$using:NAME", "bob")]
    [InlineData("\"hello $using:name\"", "hello bob")]
    [InlineData("$using:table.inner.list[1]", 2)]
    [InlineData("$using:table['inner']['list'][-1]", 3)]
    [InlineData("$using:custom.Size", 5)]
    [InlineData("& { $using:name }", "bob")]
    [InlineData("function f { $using:name }; f", "bob")]
    [InlineData("$using:list.Count", 2)]
    [InlineData("$using:secret.UserName", "u")]
    [InlineData("($using:day).GetType().FullName", "System.DayOfWeek")]
    [InlineData("($using:table).inner['list'] = 7; ($using:table).inner['list']", 7)]
    [InlineData("param($x) \"$x $using:name\"", "5 bob")]
    [InlineData("$null -eq $using:nothing", true)]
    public async Task Captures_by_value(string script, object expected)
    {
        await using var bench = new Bench();
        bench.Register("T", script, prepare: session =>
        {
            var inner = new Hashtable { ["list"] = new object[] { 1, 2, 3 } };
            session.PSVariable.Set("name", "bob");
            session.PSVariable.Set("table", new Hashtable { ["inner"] = inner });
            var custom = new PSObject();
            custom.Properties.Add(new PSNoteProperty("Size", 5));
            session.PSVariable.Set("custom", custom);
            session.PSVariable.Set("list", new List<int> { 1, 2 });
            session.PSVariable.Set("secret", new PSCredential("u", new System.Security.SecureString()));
            session.PSVariable.Set("day", DayOfWeek.Friday);
            session.PSVariable.Set("nothing", null);
        });
        // Twice: what one job changes, the next does not see.
        for (var i = 0; i < 2; i++)
        {
            var run = await bench.Run("T", "5");
            Assert.Null(run.Error);
            Assert.Equal(expected, Assert.Single(run.Items));
        }
    }

    [Theory]
    [InlineData("$using:unset", "UsingVariableNotSet")]
    [InlineData("& { $using:unset.Member }", "UsingVariableNotSet")]
    [InlineData("$using:process", "UsingValueNotSupported")]
    [InlineData("$using:block", "UsingValueNotSupported")]
    [InlineData("$using:nested", "UsingValueNotSupported")]
    [InlineData("$using:cycle", "UsingValueNotSupported")]
    public void Refuses_what_cannot_be_captured(string script, string id)
    {
        var error = Assert.Throws<HandlerException>(() => new Bench().Register("T", script, prepare: session =>
        {
            session.PSVariable.Set("process", System.Diagnostics.Process.GetCurrentProcess());
            session.PSVariable.Set("block", ScriptBlock.Create("1"));
            session.PSVariable.Set("nested", new Hashtable { ["s"] = new MemoryStream() });
            var cycle = new Hashtable();
            cycle["self"] = cycle;
            session.PSVariable.Set("cycle", cycle);
        }));
        Assert.Equal(id, error.ErrorRecord.FullyQualifiedErrorId);
        Assert.Contains("$using:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_the_using_of_inner_commands_to_them()
    {
        await using var bench = new Bench();
        var run = await bench.RunScript("$inner = 3; 1 | ForEach-Object -Parallel { $using:inner + $_ }");
        Assert.Null(run.Error);
        Assert.Equal(4, Assert.Single(run.Items));
    }

    [Fact]
    public void Finds_parse_errors()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "'ok'\nif (");
        var error = Assert.Throws<HandlerException>(() => Bench.InSession(session => ScriptHandler.FromFile("T", file, session)));
        File.Delete(file);
        Assert.Equal("HandlerParseError", error.ErrorRecord.FullyQualifiedErrorId);
        Assert.Contains(file + ":2", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<HandlerException>(() => Bench.InSession(session => ScriptHandler.FromFile("T", file, session)));
        Assert.Equal("HandlerFileNotFound", error.ErrorRecord.FullyQualifiedErrorId);
    }

    [Fact]
    public async Task A_missing_module_is_named()
    {
        var error = await Assert.ThrowsAsync<HandlerException>(() => new Bench { Modules = ["NoSuchModule"] }.Pool.VerifyAsync(default));
        Assert.Equal("ModuleNotFound", error.ErrorRecord.FullyQualifiedErrorId);
        Assert.Contains("NoSuchModule", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#Requires -Version 99.0", "-Version 99.0")]
    [InlineData("#Requires -PSEdition Desktop", "-PSEdition Desktop")]
    public async Task Finding_40_What_a_script_requires_is_looked_at(string requires, string named)
    {
        using var folder = new TempFolder();
        var file = Path.Join(folder.Path, "needs.ps1");
        await File.WriteAllTextAsync(file, requires + "\n1", TestContext.Current.CancellationToken);
        HandlerException[] errors =
        [
            Assert.Throws<HandlerException>(() => Bench.InSession(session => ScriptHandler.FromFile("T", file, session))),
            Assert.Throws<HandlerException>(() => Bench.InSession(session => ScriptHandler.FromScriptBlock("T", ScriptBlock.Create(requires + "\n1"), session))),
        ];
        Assert.All(errors, error =>
        {
            Assert.Equal("HandlerRequirementNotMet", error.ErrorRecord.FullyQualifiedErrorId);
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        });
        Assert.Contains(file, errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_40_A_required_module_comes_in_its_version_also_for_a_block_of_a_file()
    {
        using var folder = new TempFolder();
        foreach (var version in new[] { "1.0", "2.0" })
        {
            var home = Directory.CreateDirectory(Path.Join(folder.Path, "Versioned", version)).FullName;
            await File.WriteAllTextAsync(Path.Join(home, "Versioned.psm1"), $"function Get-Version {{ '{version}' }}", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Join(home, "Versioned.psd1"), $"@{{ ModuleVersion = '{version}'; RootModule = 'Versioned.psm1'; FunctionsToExport = 'Get-Version' }}", TestContext.Current.CancellationToken);
        }
        var file = Path.Join(folder.Path, "needs.ps1");
        await File.WriteAllTextAsync(file, "#Requires -Modules @{ ModuleName = 'Versioned'; RequiredVersion = '1.0' }\n{ Get-Version }", TestContext.Current.CancellationToken);
        var (path, paths) = ("PSModulePath", Environment.GetEnvironmentVariable("PSModulePath"));
        Environment.SetEnvironmentVariable(path, folder.Path + Path.PathSeparator + paths);
        try
        {
            await using var bench = new Bench { Initialization = $"$env:PSModulePath = '{folder.Path}'" };
            bench.Register(Bench.InCmdlet(cmdlet =>
            {
                var block = (ScriptBlock)cmdlet.InvokeCommand.InvokeScript($"$env:PSModulePath = '{folder.Path}'; . '{file}'")[0].BaseObject;
                return ScriptHandler.FromScriptBlock("T", block, cmdlet.SessionState);
            }));
            Assert.Equal("1.0", Assert.Single((await bench.Run("T")).Items));
        }
        finally
        {
            Environment.SetEnvironmentVariable(path, paths);
        }
    }

    [Theory]
    [InlineData("throw 'not today'", "not today")]
    [InlineData("Get-Nothing", "Get-Nothing")]
    [InlineData("exit 3", "exit")]
    public async Task A_failing_initialization_says_why(string script, string says)
    {
        var error = await Assert.ThrowsAsync<HandlerException>(() => new Bench { Initialization = script }.Pool.VerifyAsync(default));
        Assert.Equal("InitializationFailed", error.ErrorRecord.FullyQualifiedErrorId);
        Assert.Contains(says, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Uses_the_verified_runspace_and_its_modules()
    {
        using var module = new TempFolder();
        var path = Path.Join(module.Path, "Greet.psm1");
        await File.WriteAllTextAsync(path, "$global:imports = 1 + $global:imports; function Get-Greeting { \"hi $($JobContext.Type) $ErrorActionPreference\" }", TestContext.Current.CancellationToken);
        await using var bench = new Bench { Modules = [path] };
        bench.Initialization += "\n$global:shared = @{ n = 0 }";
        await bench.Pool.VerifyAsync(default);
        Assert.Equal("hi T0 Stop", Assert.Single((await bench.RunScript("Get-Greeting")).Items));
        // A type's own module comes with its first job, and stays.
        var other = Path.Join(module.Path, "Other.psm1");
        await File.WriteAllTextAsync(other, "function Get-Other { 'other' }", TestContext.Current.CancellationToken);
        var options = new HandlerOptions { Modules = [other] };
        Assert.Equal("other", Assert.Single((await bench.RunScript("Get-Other", options: options)).Items));
        Assert.Equal("other", Assert.Single((await bench.RunScript("Get-Other", options: options)).Items));
        Assert.Equal("ModuleNotFound", (await bench.RunScript("1", options: new HandlerOptions { Modules = ["NoSuchModule"] })).Error!.ErrorId);
        Assert.Equal(1, Assert.Single((await bench.RunScript("$imports")).Items));
    }

    [Fact]
    public void Verifying_leaves_the_callers_runspace_alone() => Assert.True(Bench.InCmdlet(cmdlet =>
    {
        var bench = new Bench();
        var before = System.Management.Automation.Runspaces.Runspace.DefaultRunspace;
        bench.Pool.VerifyAsync(default).GetAwaiter().GetResult();
        cmdlet.InvokeCommand.InvokeScript("1");
        return ReferenceEquals(before, System.Management.Automation.Runspaces.Runspace.DefaultRunspace);
    }));

    [Fact]
    public void Checks_a_commands_parameters()
    {
        var handler = Bench.InCmdlet(cmdlet => ScriptHandler.FromCommand("C", "Get-History", cmdlet));
        ParameterCheck.Check(handler, new Hashtable { ["Count"] = 3, ["ErrorAction"] = "Stop" });
        Assert.Equal("UnknownParameter", Assert.Throws<HandlerException>(() => ParameterCheck.Check(handler, new Hashtable { ["Colour"] = 3 })).ErrorRecord.FullyQualifiedErrorId);
    }

    private const string TwoSets = "param([Parameter(Mandatory, ParameterSetName = 'ByName')][string] $Name, [Parameter(Mandatory, ParameterSetName = 'ById')][int] $Id, [Parameter(ParameterSetName = 'ById')] $Host, $Tag)";

    [Theory]
    [InlineData(TwoSets, "Name=x", null, "")]
    [InlineData(TwoSets, "Id=3;Tag=x", null, "")]
    [InlineData(TwoSets, "Tag=x", "MissingParameter", "'Name' [String], or for 'Id' [Int32]")]
    [InlineData(TwoSets, "Host=x", "MissingParameter", "its parameter 'Id' [Int32].")]
    [InlineData(TwoSets, "Name=x;Id=3", "ParameterSetNotFound", "different parameter sets")]
    [InlineData("[CmdletBinding(DefaultParameterSetName = 'None')] " + TwoSets, "Tag=x", null, "")]
    [InlineData("param([Parameter(Mandatory)] $A, [Parameter(Mandatory, ParameterSetName = 'S')] $B, [Parameter(ParameterSetName = 'T')] $C)", "B=x", "MissingParameter", "its parameter 'A' [Object].")]
    [InlineData("param([Parameter(ParameterSetName = 'S')][Parameter(Mandatory, ParameterSetName = 'T')] $A, [Parameter(Mandatory, ParameterSetName = 'T')] $B)", "A=x", null, "")]
    public void Finding_11_What_is_mandatory_in_one_parameter_set_is_not_mandatory(string script, string given, string? id, string said)
    {
        var handler = Bench.InSession(session => ScriptHandler.FromScriptBlock("T", ScriptBlock.Create(script), session));
        var parameters = new Hashtable();
        foreach (var pair in given.Split(';')) parameters[pair.Split('=')[0]] = pair.Split('=')[1];
        var error = Record.Exception(() => ParameterCheck.Check(handler, parameters)) as HandlerException;
        Assert.Equal(id, error?.ErrorRecord.FullyQualifiedErrorId);
        Assert.Contains(said, error?.Message ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(ParameterCheck.Dynamic(handler, "H", _ => false).Values, parameter => parameter.Name is "Name" or "Id" or "B" && parameter.Attributes.OfType<ParameterAttribute>().Single().Mandatory);
    }

    [Fact]
    public void Finding_11_A_commands_parameter_sets_are_known()
    {
        var handler = Bench.InCmdlet(cmdlet => ScriptHandler.FromCommand("C", "Wait-Job", cmdlet));
        ParameterCheck.Check(handler, new Hashtable { ["Name"] = "x", ["Timeout"] = 3 });
        Assert.Equal("ParameterSetNotFound", Assert.Throws<HandlerException>(() => ParameterCheck.Check(handler, new Hashtable { ["Name"] = "x", ["Id"] = 3 })).ErrorRecord.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("param([string] $To, [int] $Times)", "To=bob;Times=3", null)]
    [InlineData("param([string] $To, [int] $Times)", "Tim=3", null)]
    [InlineData("param([Alias('Recipient')][string] $To)", "recipient=bob", null)]
    [InlineData("param([string] $To)", "Too=bob", "UnknownParameter")]
    [InlineData("'no parameters'", "To=bob", "UnknownParameter")]
    [InlineData("[CmdletBinding()] param($To)", "Verbose=true", null)]
    [InlineData("param([Parameter(Mandatory)] $To, $Cc)", "Cc=bob", "MissingParameter")]
    [InlineData("param([Parameter(Mandatory = $true, HelpMessage = 'x')] $To)", "", "MissingParameter")]
    [InlineData("param([int] $Times)", "Times=often", "ParameterNotConvertible")]
    [InlineData("param([ValidateSet('a', 'b')] $Mode)", "Mode=c", "ParameterNotConvertible")]
    [InlineData("param([ValidateSet('a', 'b')] $Mode)", "Mode=B", null)]
    [InlineData("param([DayOfWeek] $Day)", "Day=Friday", null)]
    [InlineData("param([switch] $Loud, [datetime] $When)", "Loud=true;When=2026-11-23", null)]
    public void Checks_parameters(string script, string given, string? id)
    {
        var handler = Bench.InSession(session => ScriptHandler.FromScriptBlock("T", ScriptBlock.Create(script), session));
        var parameters = new Hashtable();
        foreach (var pair in given.Split(';', StringSplitOptions.RemoveEmptyEntries)) parameters[pair.Split('=')[0]] = pair.Split('=')[1];
        if (id is null)
        {
            ParameterCheck.Check(handler, parameters);
            return;
        }
        var error = Assert.Throws<HandlerException>(() => ParameterCheck.Check(handler, parameters));
        Assert.Equal(id, error.ErrorRecord.FullyQualifiedErrorId);
        Assert.Contains("'T'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_the_one_argument()
    {
        var handler = Bench.InSession(session => ScriptHandler.FromScriptBlock("T", ScriptBlock.Create("param([Parameter(Mandatory)][int] $n)"), session));
        ParameterCheck.Check(handler, "5", given: true);
        Assert.Equal("ParameterNotConvertible", Assert.Throws<HandlerException>(() => ParameterCheck.Check(handler, "x", given: true)).ErrorRecord.FullyQualifiedErrorId);
        Assert.Equal("MissingParameter", Assert.Throws<HandlerException>(() => ParameterCheck.Check(handler, null, given: false)).ErrorRecord.FullyQualifiedErrorId);
    }

    [Fact]
    public void Offers_its_parameters()
    {
        var handler = Bench.InSession(session => ScriptHandler.FromScriptBlock("T", ScriptBlock.Create(
            "param([Parameter(Mandatory)][Alias('R', 'Id')][string] $To, [ValidateSet('a', 'b')] $Mode, [ValidateRange(1, 9)][int] $N, [ArgumentCompleter({ 'x' })] $C, $Type)"), session));
        var offered = ParameterCheck.Dynamic(handler, "ByName", name => name is "Type" or "Id");
        Assert.Equal(["To", "Mode", "N", "C"], offered.Keys);
        Assert.Equal(typeof(string), offered["To"].ParameterType);
        Assert.True(offered["To"].Attributes.OfType<ParameterAttribute>().Single() is { Mandatory: true, ParameterSetName: "ByName" });
        Assert.Empty(offered["To"].Attributes.OfType<AliasAttribute>());
        Assert.Equal(["a", "b"], offered["Mode"].Attributes.OfType<ValidateSetAttribute>().Single().ValidValues);
        Assert.Equal(9, offered["N"].Attributes.OfType<ValidateRangeAttribute>().Single().MaxRange);
        Assert.Single(offered["C"].Attributes.OfType<ArgumentCompleterAttribute>());
    }
}
