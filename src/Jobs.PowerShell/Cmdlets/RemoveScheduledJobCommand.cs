using System.Management.Automation;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Removes every trace of jobs. Removing what is not there is no error.</summary>
[Cmdlet(VerbsCommon.Remove, "ScheduledJob", SupportsShouldProcess = true)]
public sealed class RemoveScheduledJobCommand : JobIdCmdlet
{
    /// <summary>Removes an executing job too: its run is stopped and leaves nothing behind.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Act(string id)
    {
        if (!ShouldProcess($"Job {id}", "Remove")) return;
        if (!Await(Client.DestroyAsync(id, Force, StopToken)))
            WriteVerbose($"There is no job '{id}'.");
    }
}
