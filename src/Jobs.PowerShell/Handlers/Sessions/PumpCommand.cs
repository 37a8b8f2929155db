using System.Management.Automation;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// The command a worker's pipeline consists of. It is never exported: the worker runs it by its type. As a cmdlet it stands in the global scope without one of its own,
/// and has PowerShell's own way to call a script and stream what it writes.
/// </summary>
internal sealed class PumpCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    [Parameter]
    public object? Pump { get; set; }

    /// <summary>Fires when the pipeline is told to stop, by whomever; what the handler runs has been told before.</summary>
    public CancellationToken StopToken => _stopping.Token;

    public void Dispose() => _stopping.Dispose();

    protected override void EndProcessing() => ((Action<PumpCommand>)Pump!)(this);

    protected override void StopProcessing()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stop came as the pipeline ended.
        }
    }
}
