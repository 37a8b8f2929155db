using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Keeps jobs back, with status Saved, until they are resumed.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "ScheduledJob", SupportsShouldProcess = true)]
[OutputType(typeof(JobInfo))]
public sealed class SuspendScheduledJobCommand : JobChangeCmdlet
{
    private protected override string Deed => "Hold";

    private protected override Task<ScheduledJob> ChangeAsync(JobClient client, string id) => client.HoldAsync(id, StopToken);
}
