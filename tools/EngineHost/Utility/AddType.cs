using System.Management.Automation;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>Loads assemblies. It compiles no source: that would need the compiler.</summary>
[Cmdlet(VerbsCommon.Add, "Type", DefaultParameterSetName = "FromPath")]
public sealed class AddTypeCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "FromPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "FromLiteralPath")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "FromAssemblyName")]
    [Alias("AN")]
    public string[] AssemblyName { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void EndProcessing()
    {
        var loaded = Path.SelectMany(path => GetResolvedProviderPathFromPSPath(path, out _))
            .Concat(LiteralPath.Select(GetUnresolvedProviderPathFromPSPath))
            .Select(Assembly.LoadFrom)
            .Concat(AssemblyName.Select(Assembly.Load));
        foreach (var assembly in loaded.ToList())
        {
            if (PassThru)
                WriteObject(assembly.GetTypes(), enumerateCollection: true);
        }
    }
}
