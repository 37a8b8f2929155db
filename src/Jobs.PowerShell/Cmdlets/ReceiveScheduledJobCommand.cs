using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Waiting;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Emits what jobs' handlers put out, and on demand replays their other streams. What is received stays in the store.</summary>
[Cmdlet(VerbsCommunications.Receive, "ScheduledJob")]
[OutputType(typeof(PSObject))]
public sealed class ReceiveScheduledJobCommand : JobIdCmdlet
{
    /// <summary>Replays the handler's verbose, debug, warning and information records and the lines of its errors first, each with its time. Only how the job ended is an error here.</summary>
    [Parameter]
    public SwitchParameter Log { get; set; }

    /// <summary>Replays the log as it grows, until the job has ended; of a repeated job, until a run has. What was logged before comes first, or with -Tail the end of it.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Replays only so many entries of the log, the last ones; 0 with -Follow: only what comes from now on.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; }

    /// <summary>Waits for each job to end first.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override void Act(string id)
    {
        var client = Client;
        var log = Log || Follow || Has(nameof(Tail)) ? new LogReplay(this, client, id) : null;
        if (Follow && Has(nameof(Tail))) log!.SkipTo(Tail, StopToken);
        var job = Wait || Follow ? WaitFor(client, id, Follow ? log : null) : Await(client.GetAsync(id, StopToken));
        if (!Follow && Has(nameof(Tail))) log!.SkipTo(Tail, StopToken);
        log?.Replay(StopToken);
        if (Await(client.GetOutputAsync(id, StopToken)) is { } output)
        {
            foreach (var item in output.Items)
                WriteObject(JsonData.Deserialize(item), enumerateCollection: false);
            if (output.Truncated) WriteWarning($"Job {id} put out more than the {JobOutput.MaxBytes >> 20} MiB that is kept; the rest is lost.");
        }
        if (job.Status is JobStatus.Failed or JobStatus.Cancelled) WriteError(WaitErrors.Ending(job, job.Id)!);
    }

    private ScheduledJob WaitFor(JobClient client, string id, LogReplay? follow)
    {
        var wait = new JobWait();
        wait.Add(id);
        using var progress = new WaitProgress(this, wait.Jobs);
        wait.Run(client, null, false, () =>
        {
            if (wait.Jobs[0].Job is not null) follow?.Replay(StopToken);
            progress.Show();
        }, StopToken);
        return wait.Jobs[0].Job ?? throw new JobNotFoundException(id);
    }
}
