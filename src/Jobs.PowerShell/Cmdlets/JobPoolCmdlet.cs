using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Pools;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that is given pools, of this session or of any other.</summary>
public abstract class JobPoolCmdlet : JobsCmdlet
{
    /// <summary>The pools.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Pool")]
    [ArgumentCompleter(typeof(PoolIdCompleter))]
    [ValidateNotNullOrEmpty]
    public JobPoolInfo[] Pool { get; set; } = [];

    /// <summary>The pools' ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Id")]
    [ArgumentCompleter(typeof(PoolIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    private protected override void Process()
    {
        foreach (var pool in Pool)
            Take(pool.Id, pool.Running ?? Session.Current.FindPool(pool.Id));
        foreach (var id in Id)
            Take(id, Session.Current.FindPool(id));
    }

    private void Take(string id, RunningPool? running)
    {
        try
        {
            Act(id, running);
        }
        catch (JobsException e) when (e.Error == JobsError.PoolNotFound)
        {
            WriteError(e, id);
        }
    }

    /// <summary>Does it to one pool.</summary>
    /// <param name="id">The pool's id.</param>
    /// <param name="running">The pool itself, when it runs in this session.</param>
    private protected abstract void Act(string id, RunningPool? running);

    /// <summary>Passes on what an ended pool of this session has said, and its failure where it failed.</summary>
    private protected void TellEnd(RunningPool? running)
    {
        running?.TellThrough(this);
        if (running?.Failure is { } failure) WriteError(failure);
    }

    private protected static JobsException NotFound(string id) =>
        new(JobsError.PoolNotFound, $"No pool with id '{id}' is alive in this store.") { Target = id };
}
