using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Runs ended jobs again, now, with all their retries.</summary>
[Cmdlet(VerbsLifecycle.Restart, "ScheduledJob", SupportsShouldProcess = true)]
[OutputType(typeof(JobInfo))]
public sealed class RestartScheduledJobCommand : JobChangeCmdlet
{
    private protected override string Deed => "Run again";

    private protected override Task<IReadOnlyList<JobsException?>> ChangeAsync(JobClient client, IReadOnlyList<string> ids) => client.RestartAsync(ids, StopToken);
}
