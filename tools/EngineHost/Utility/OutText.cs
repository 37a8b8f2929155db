using System.Management.Automation;
using System.Text;
using Jobs.EngineHost;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Formats what comes in, as the console would show it, and keeps the lines.</summary>
public abstract class OutTextCommand : FrontEndCommandBase
{
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue - 1;

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    private protected StringBuilder Text { get; } = new();

    protected override void BeginProcessing()
    {
        EngineInternals.SetOutput(this, new StringWriter(Text) { NewLine = NoNewline ? "" : Environment.NewLine }, Width);
        base.BeginProcessing();
    }
}

[Cmdlet(VerbsData.Out, "String")]
public sealed class OutStringCommand : OutTextCommand
{
    [Parameter]
    public SwitchParameter Stream { get; set; }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (!Stream)
            WriteObject(Text.ToString());
        else
            foreach (var line in Text.ToString().Split(Environment.NewLine)[..^1])
                WriteObject(line);
    }
}

[Cmdlet(VerbsData.Out, "File", DefaultParameterSetName = "ByPath", SupportsShouldProcess = true)]
public sealed class OutFileCommand : OutTextCommand
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ByPath")]
    [Alias("Path")]
    public string? FilePath { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        var path = GetUnresolvedProviderPathFromPSPath(LiteralPath ?? FilePath);
        if (!ShouldProcess(path, "Output to File"))
            return;

        if (NoClobber && !Append && File.Exists(path))
            ThrowTerminatingError(new ErrorRecord(new IOException($"The file '{path}' already exists."), "NoClobber", ErrorCategory.ResourceExists, path));
        if (Append)
            File.AppendAllText(path, Text.ToString());
        else
            File.WriteAllText(path, Text.ToString());
    }
}
