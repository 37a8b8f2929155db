using System.Globalization;
using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Formatting;
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

    /// <summary>Waits for each job to end first.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override void Act(string id)
    {
        var client = Client;
        var job = Wait ? WaitFor(client, id) : Await(client.GetAsync(id, StopToken));
        if (Log) Replay(client, id);
        if (Await(client.GetOutputAsync(id, StopToken)) is { } output)
        {
            foreach (var item in output.Items)
                WriteObject(JsonData.Deserialize(item), enumerateCollection: false);
            if (output.Truncated) WriteWarning($"Job {id} put out more than the {JobOutput.MaxBytes >> 20} MiB that is kept; the rest is lost.");
        }
        if (job.Status is JobStatus.Failed or JobStatus.Cancelled) WriteError(Ending(job));
    }

    private ScheduledJob WaitFor(JobClient client, string id)
    {
        var wait = new JobWait();
        wait.Add(id);
        using var progress = new WaitProgress(this, wait.Jobs);
        wait.Run(client, null, false, progress.Show, StopToken);
        return wait.Jobs[0].Job ?? throw new JobNotFoundException(id);
    }

    private void Replay(JobClient client, string id)
    {
        foreach (var entry in Await(client.GetLogAsync(id, 0, StopToken)))
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{entry.Time.LocalDateTime:HH:mm:ss.fff} {DisplayText.Escape(entry.Message)}");
            switch (entry.Level)
            {
                case JobLogLevel.Debug:
                    WriteDebug(line);
                    break;
                case JobLogLevel.Verbose:
                    WriteVerbose(line);
                    break;
                case JobLogLevel.Warning:
                    WriteWarning(line);
                    break;
                case JobLogLevel.Error:
                    // A line, since a job that finished is no error, whatever a program of its wrote to its error stream.
                    WriteInformation(new HostInformationMessage { Message = $"{line} (error)", ForegroundColor = ConsoleColor.Red }, ["PSHOST"]);
                    break;
                default:
                    // As Write-Host's records are: seen at the prompt whatever $InformationPreference says.
                    WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
                    break;
            }
        }
    }

    private static ErrorRecord Ending(ScheduledJob job)
    {
        var (id, what) = job.Status == JobStatus.Failed ? ("JobFailed", "failed") : ("JobCancelled", "was cancelled");
        var why = job.Error is { Message: { Length: > 0 } message } ? $": {DisplayText.Escape(message)}" : ".";
        return new ErrorRecord(new RuntimeException($"Job {job.Id} of type {job.Type} {what}{why}"), id, ErrorCategory.OperationStopped, job.Id);
    }
}
