using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Pools;
using Jobs.PowerShell.Waiting;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Waits until pools have ended, wherever they run.</summary>
[Cmdlet(VerbsLifecycle.Wait, "JobPool", DefaultParameterSetName = "Pool")]
public sealed class WaitJobPoolCommand : JobPoolCmdlet
{
    private PoolWait? _wait;

    /// <summary>The longest to wait; a plain number is seconds. Each pool that has not ended by then is an error WaitTimedOut.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; }

    private protected override void Begin()
    {
        Validate.Delay(Timeout, nameof(Timeout));
        _wait = new PoolWait(() => Client, StopToken);
    }

    private protected override void Act(string id, RunningPool? running)
    {
        if (HandlerScope.IsOwnPool(id)) throw NotInHandler("wait for its own pool, which ends after its handlers");
        if (running is null && ParameterSetName == "Id" && !Await(Client.GetPoolsAsync(StopToken)).Any(pool => pool.Id == id))
            throw NotFound(id);
        _wait!.Add(id, running);
    }

    private protected override void End()
    {
        if (_wait!.Run(Has(nameof(Timeout)) ? Timeout : null, (_, running) => TellEnd(running))) return;
        foreach (var id in _wait.Open)
            WriteError(WaitErrors.TimedOut($"Pool '{id}' has not ended within {Timeout}.", id));
    }
}
