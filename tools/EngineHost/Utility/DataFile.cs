using System.Management.Automation;
using System.Management.Automation.Language;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.Import, "PowerShellDataFile", DefaultParameterSetName = "ByPath")]
public sealed class ImportPowerShellDataFileCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var path in Path.SelectMany(path => GetResolvedProviderPathFromPSPath(path, out _)).Concat(LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)))
        {
            var script = Parser.ParseFile(path, out _, out var errors);
            var table = script.Find(node => node is HashtableAst, searchNestedScriptBlocks: false);
            if (errors.Length > 0 || table is null)
                WriteError(new ErrorRecord(
                    new InvalidOperationException($"The file '{path}' could not be parsed as a PowerShell Data File."), "CouldNotParseAsPowerShellDataFile",
                    ErrorCategory.InvalidData, path));
            else
                WriteObject(table.SafeGetValue());
        }
    }
}
