using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that changes each job it is given and can emit it as it then stands.</summary>
public abstract class JobChangeCmdlet : JobBatchCmdlet
{
    private JobObjects? _objects;

    /// <summary>Emits each job as it stands after the change.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Report(JobClient client, IReadOnlyList<string> ids, IReadOnlyList<JobsException?> refusals)
    {
        string[] changed = PassThru ? [.. ids.Where((_, i) => refusals[i] is null)] : [];
        var jobs = Await(client.FindAsync(changed, omitLargeData: true, StopToken));
        _objects ??= new JobObjects(client);
        var next = 0;
        for (var i = 0; i < ids.Count; i++)
        {
            if (refusals[i] is { } refusal)
                WriteError(refusal, ids[i]);
            else if (PassThru && jobs[next++] is { } job)
                WriteObject(_objects.Make(job));
        }
    }
}
