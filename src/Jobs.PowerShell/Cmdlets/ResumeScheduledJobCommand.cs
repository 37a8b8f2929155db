using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Releases jobs that are held.</summary>
[Cmdlet(VerbsLifecycle.Resume, "ScheduledJob", SupportsShouldProcess = true)]
[OutputType(typeof(JobInfo))]
public sealed class ResumeScheduledJobCommand : JobChangeCmdlet
{
    private protected override string Deed => "Release";

    private protected override Task<IReadOnlyList<JobsException?>> ChangeAsync(JobClient client, IReadOnlyList<string> ids) => client.ResumeAsync(ids, StopToken);
}
