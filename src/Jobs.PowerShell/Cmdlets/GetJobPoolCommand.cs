using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Completion;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Lists the store's pools, on this machine and on others.</summary>
[Cmdlet(VerbsCommon.Get, "JobPool")]
[OutputType(typeof(JobPoolInfo))]
public sealed class GetJobPoolCommand : JobsCmdlet
{
    /// <summary>The pools' ids; default all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Binding.JobReference]
    [ArgumentCompleter(typeof(PoolIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>Pools of this session only.</summary>
    [Parameter]
    public SwitchParameter Local { get; set; }

    private protected override void Process()
    {
        var session = Session.Current;
        // Of this session's pools on other stores the list of this store says nothing.
        var local = Local || Id is not null ? session.Pools : [.. session.Pools.Where(running => running.Connection.Client == Client)];
        IEnumerable<JobPoolInfo> pools = local.Select(running => new JobPoolInfo(running));
        if (!Local)
        {
            var known = local.Select(running => running.Id).ToHashSet(StringComparer.Ordinal);
            pools = pools.Concat(Await(Client.GetPoolsAsync(StopToken)).Where(pool => !known.Contains(pool.Id)).Select(pool => new JobPoolInfo(pool)));
        }
        if (Id is null)
        {
            WriteObject(pools.OrderBy(pool => pool.Started), enumerateCollection: true);
            return;
        }
        var byId = pools.ToDictionary(pool => pool.Id, StringComparer.Ordinal);
        foreach (var id in Id)
        {
            if (byId.TryGetValue(id, out var pool))
                WriteObject(pool);
            else
                WriteError(new JobsException(JobsError.PoolNotFound, $"No pool with id '{id}' is alive in this {(Local ? "session" : "store")}."), id);
        }
    }
}
