using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Cancels jobs; one that is executing is stopped, wherever it runs.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ScheduledJob", SupportsShouldProcess = true)]
[OutputType(typeof(JobInfo))]
public sealed class StopScheduledJobCommand : JobChangeCmdlet
{
    private protected override string Deed => "Cancel";

    private protected override Task<IReadOnlyList<JobsException?>> ChangeAsync(JobClient client, IReadOnlyList<string> ids) => client.CancelAsync(ids, StopToken);
}
