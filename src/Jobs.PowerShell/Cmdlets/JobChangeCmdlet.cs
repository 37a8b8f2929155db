using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that changes each job it is given and can emit it as it then stands.</summary>
public abstract class JobChangeCmdlet : JobIdCmdlet
{
    /// <summary>Emits each job as it stands after the change.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done, as a confirmation names it.</summary>
    private protected abstract string Deed { get; }

    private protected abstract Task<ScheduledJob> ChangeAsync(JobClient client, string id);

    private protected override void Act(string id)
    {
        if (!ShouldProcess($"Job {id}", Deed)) return;
        var client = Client;
        var job = Await(ChangeAsync(client, id));
        if (PassThru) WriteObject(new JobInfo(job, client));
    }
}
