using System.Management.Automation;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Tells all pools to start no jobs of these types until they are resumed.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "JobType", SupportsShouldProcess = true)]
public sealed class SuspendJobTypeCommand : JobTypePauseCmdlet
{
    private protected override bool Pauses => true;
}
