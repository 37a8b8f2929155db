using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "PSDrive")]
public sealed class GetPSDriveCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        var drives = SessionState.Drive.GetAll().OrderBy(drive => drive.Name, StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var name in Name)
        {
            var found = drives.FindAll(drive => WildcardPattern.Get(name, WildcardOptions.IgnoreCase).IsMatch(drive.Name));
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(new ErrorRecord(
                    new System.Management.Automation.DriveNotFoundException($"Cannot find drive. A drive with the name '{name}' does not exist."),
                    "GetLocationNoMatchingDrive", ErrorCategory.ObjectNotFound, name));
            WriteObject(found, enumerateCollection: true);
        }
    }
}

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
