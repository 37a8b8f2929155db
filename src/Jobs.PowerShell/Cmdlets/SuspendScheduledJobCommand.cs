using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Keeps jobs back, with status Saved, until they are resumed.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "ScheduledJob", SupportsShouldProcess = true)]
[OutputType(typeof(JobInfo))]
public sealed class SuspendScheduledJobCommand : JobChangeCmdlet
{
    private protected override string Deed => "Hold";

    private protected override Task<IReadOnlyList<JobsException?>> ChangeAsync(JobClient client, IReadOnlyList<string> ids) => client.HoldAsync(ids, StopToken);
}
