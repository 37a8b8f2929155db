using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;
using Jobs.PowerShell.Scheduling;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that changes each job it is given: many at once where they come fast.</summary>
public abstract class JobBatchCmdlet : JobIdCmdlet
{
    private const int BatchSize = 500;
    private const int DescribedAtOnce = 50;
    private const int DataShown = 80;

    private Batch<string>? _asked;
    private Outbox<string, IReadOnlyList<JobsException?>>? _outbox;
    private JobClient? _client;

    /// <summary>What is done, as a confirmation names it.</summary>
    private protected abstract string Deed { get; }

    private protected override void Begin()
    {
        var asks = MyInvocation.BoundParameters.TryGetValue("Confirm", out var given) && given is SwitchParameter asked ? asked.IsPresent : GetVariableValue("ConfirmPreference") is ConfirmImpact.Low or ConfirmImpact.Medium;
        // What was confirmed is done before the next is asked for.
        if (asks || IsWhatIf) _asked = new Batch<string>(asks ? 1 : DescribedAtOnce);
        else _outbox = new(BatchSize, ids => ChangeAsync(_client!, ids), static _ => true, StopToken);
    }

    private protected override void Act(string id)
    {
        if (_asked is not null)
        {
            if (_asked.Add(id)) Ask(_asked.Take());
            return;
        }
        _client ??= Client;
        if (ShouldProcess($"Job {id}", Deed) && _outbox!.Add(id)) Send();
    }

    private protected override void End()
    {
        if (_asked is null) Send();
        else if (_asked.Items.Count > 0) Ask(_asked.Take());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _outbox?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Changes jobs; tells for each why it was refused, or null. From any thread.</summary>
    private protected abstract Task<IReadOnlyList<JobsException?>> ChangeAsync(JobClient client, IReadOnlyList<string> ids);

    /// <summary>Tells what became of the jobs, in their order.</summary>
    private protected abstract void Report(JobClient client, IReadOnlyList<string> ids, IReadOnlyList<JobsException?> refusals);

    private void Send()
    {
        _outbox!.Send();
        while (_outbox.TryTake(out var sent)) Report(_client!, sent.Items, Await(sent.Answer));
    }

    private void Ask(List<string> ids)
    {
        var client = Client;
        var names = Describe(client, ids);
        var agreed = ids.Where((_, i) => ShouldProcess(names[i], Deed)).ToList();
        if (agreed.Count > 0) Report(client, agreed, Await(ChangeAsync(client, agreed)));
    }

    // With their data, a bit of which is shown.
    private IReadOnlyList<string> Describe(JobClient client, IReadOnlyList<string> ids)
    {
        var jobs = Await(client.FindAsync(ids, StopToken));
        return [.. ids.Select((id, i) => jobs[i] is { } job
            ? DisplayText.Escape($"Job {id} ({job.Type}, {job.Status}{(job.Data is null ? "" : $", {DisplayText.Line(job.Data, DataShown)}")})")
            : $"Job {id} (not found)")];
    }
}
