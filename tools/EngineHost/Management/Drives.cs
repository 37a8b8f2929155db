using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "PSDrive")]
public sealed class NewPSDriveCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string PSProvider { get; set; } = "";

    [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Root { get; set; } = "";

    [Parameter]
    public string Scope { get; set; } = "local";

    protected override void ProcessRecord()
    {
        var drive = new PSDriveInfo(Name, SessionState.Provider.GetOne(PSProvider), Root, "", null);
        WriteObject(SessionState.Drive.New(drive, Scope));
    }
}

[Cmdlet(VerbsCommon.Remove, "PSDrive")]
public sealed class RemovePSDriveCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public string? Scope { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            SessionState.Drive.Remove(name, Force, Scope);
    }
}
