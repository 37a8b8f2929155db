using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Removes every trace of jobs. Removing what is not there is no error.</summary>
[Cmdlet(VerbsCommon.Remove, "ScheduledJob", SupportsShouldProcess = true)]
public sealed class RemoveScheduledJobCommand : JobBatchCmdlet
{
    /// <summary>Removes an executing job too: its run is stopped and leaves nothing behind.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string Deed => "Remove";

    private protected override Task<IReadOnlyList<JobsException?>> ChangeAsync(JobClient client, IReadOnlyList<string> ids) => client.DestroyAsync(ids, Force, StopToken);

    private protected override void Report(JobClient client, IReadOnlyList<string> ids, IReadOnlyList<JobsException?> refusals)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (refusals[i] is JobNotFoundException)
                WriteVerbose($"There is no job '{ids[i]}'.");
            else if (refusals[i] is { } refusal)
                WriteError(refusal, ids[i]);
        }
    }
}
