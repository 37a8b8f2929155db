using System.Management.Automation;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// The command a worker's pipeline consists of. It is never exported: the worker runs it by its type. As a cmdlet it stands in the global scope without one of its own,
/// and has PowerShell's own way to call a script and stream what it writes.
/// </summary>
internal sealed class PumpCommand : PSCmdlet
{
    [Parameter]
    public object? Pump { get; set; }

    protected override void EndProcessing() => ((Action<PumpCommand>)Pump!)(this);
}
