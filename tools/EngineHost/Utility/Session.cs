using System.Management.Automation;
using Jobs.EngineHost;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommunications.Read, "Host")]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    public object? Prompt { get; set; }

    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    protected override void BeginProcessing()
    {
        if (Prompt is not null)
            Host.UI.Write(LanguagePrimitives.ConvertTo<string>(Prompt) + ": ");
        WriteObject(AsSecureString ? Host.UI.ReadLineAsSecureString() : Host.UI.ReadLine());
    }
}

[Cmdlet(VerbsCommon.Get, "Runspace")]
public sealed class GetRunspaceCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        var names = Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        foreach (var runspace in EngineInternals.Runspaces().Where(runspace => names.Exists(name => name.IsMatch(runspace.Name))))
            WriteObject(runspace);
    }
}
