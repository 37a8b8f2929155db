using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Pools;
using Jobs.PowerShell.Waiting;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Stops pools, wherever they run: they claim no more, and their running jobs may end.</summary>
[Cmdlet(VerbsLifecycle.Stop, "JobPool", SupportsShouldProcess = true, DefaultParameterSetName = "Pool")]
public sealed class StopJobPoolCommand : JobPoolCmdlet
{
    private PoolWait? _wait;

    /// <summary>Stops all pools of the store, on this machine and on others.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>How long running jobs may go on before they are stopped and go back to their queue, without losing a retry; default the pool's shutdown time-out. A plain number is seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; }

    /// <summary>Stops running jobs at once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Does not wait until the pools have ended.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override void Begin()
    {
        Validate.Delay(Timeout, nameof(Timeout));
        _wait = new PoolWait(() => Client, StopToken);
    }

    private protected override void Process()
    {
        base.Process();
        if (!All) return;
        var here = Client;
        var local = Session.Current.Pools.Where(running => running.Connection.Client == here).ToDictionary(running => running.Id, StringComparer.Ordinal);
        foreach (var running in local.Values)
            Act(running.Id, running);
        foreach (var pool in Await(Client.GetPoolsAsync(StopToken)))
        {
            if (pool.Status is not (PoolStatus.Running or PoolStatus.Stopping) || local.ContainsKey(pool.Id)) continue;
            try
            {
                Act(pool.Id, null);
            }
            catch (JobsException e) when (e.Error == JobsError.PoolNotFound)
            {
                // It has ended since it was listed.
            }
        }
    }

    private protected override void Act(string id, RunningPool? running)
    {
        if (!ShouldProcess($"Pool {id}", Force ? "Stop at once" : "Stop")) return;
        TimeSpan? grace = Force ? TimeSpan.Zero : Has(nameof(Timeout)) ? Timeout : null;
        // Asked here and waited for at the end, so that many pools stop at the same time.
        if (running is { Completion.IsCompleted: false })
            running.StopAsync(grace).ContinueWith(stop => stop.Exception, TaskScheduler.Default);
        else if (running is null)
            Await(Client.RequestPoolStopAsync(id, grace, StopToken));
        // A handler that stops its own pool goes on and ends: the pool waits for it, not it for the pool.
        if (!HandlerScope.IsOwnPool(id)) _wait!.Add(id, running);
    }

    private protected override void End()
    {
        if (!NoWait) _wait!.Run(null, (_, running) => TellEnd(running));
    }
}
