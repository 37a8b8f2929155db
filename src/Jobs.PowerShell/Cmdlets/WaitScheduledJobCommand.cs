using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Waiting;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Waits until jobs have ended, and emits them in the order given. Of a repeated job it waits for the end of a run.</summary>
[Cmdlet(VerbsLifecycle.Wait, "ScheduledJob")]
[OutputType(typeof(JobInfo))]
public sealed class WaitScheduledJobCommand : JobsCmdlet
{
    private readonly JobWait _wait = new();
    private int _emitted;

    /// <summary>The jobs, or their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [JobReference]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>The longest to wait; a plain number is seconds. Each job that has not ended by then is an error WaitTimedOut, and is emitted as it stands.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; }

    /// <summary>Waits for the first of the jobs only, and emits those that have ended.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Makes an error JobFailed or JobCancelled of each job that did not finish well; of a repeated job, of a run. It is emitted all the same.</summary>
    [Parameter]
    public SwitchParameter ErrorOnFailure { get; set; }

    private protected override void Begin() => Validate.Delay(Timeout, nameof(Timeout));

    private protected override void Process()
    {
        foreach (var id in Id)
            _wait.Add(id);
    }

    private protected override void End()
    {
        if (_wait.Jobs.Count == 0) return;
        var client = Client;
        var objects = new JobObjects(client);
        using (var progress = new WaitProgress(this, _wait.Jobs))
        {
            _wait.Run(client, Has(nameof(Timeout)) ? Timeout : null, Any, () =>
            {
                if (!Any) EmitEnded(objects);
                progress.Show();
            }, StopToken);
        }
        foreach (var job in _wait.Jobs.Skip(_emitted))
        {
            if (job.IsOver)
                Emit(job, objects);
            else if (!Any || !_wait.Jobs.Any(other => other.IsOver))
                EmitUnfinished(job, objects);
        }
    }

    /// <summary>Those whose turn it is.</summary>
    private void EmitEnded(JobObjects objects)
    {
        for (; _emitted < _wait.Jobs.Count && _wait.Jobs[_emitted].IsOver; _emitted++)
            Emit(_wait.Jobs[_emitted], objects);
    }

    private void Emit(WaitedJob waited, JobObjects objects)
    {
        if (waited.Job is not { } job)
        {
            WriteError(new JobNotFoundException(waited.Id), waited.Id);
            return;
        }
        var made = objects.Make(job);
        WriteObject(made);
        if (ErrorOnFailure && WaitErrors.Ending(job, made) is { } error) WriteError(error);
    }

    private void EmitUnfinished(WaitedJob waited, JobObjects objects)
    {
        var job = objects.Make(waited.Job!);
        WriteError(WaitErrors.TimedOut($"Job '{job.Id}' has not ended within {Timeout}; it is {job.Status}.", job));
        WriteObject(job);
    }
}
