using System.Management.Automation;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Lets pools start jobs of suspended types again.</summary>
[Cmdlet(VerbsLifecycle.Resume, "JobType", SupportsShouldProcess = true)]
public sealed class ResumeJobTypeCommand : JobTypePauseCmdlet
{
    private protected override bool Pauses => false;
}
