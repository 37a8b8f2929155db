using System.Management.Automation;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the ids of live pools, with name and machine beside.</summary>
public sealed class PoolIdCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        session.Pools.Select(pool => pool.Pool.Info)
            .Concat(Ask(session, client => client.GetPoolsAsync()))
            .DistinctBy(pool => pool.Id)
            .Select(pool => Result(pool.Id, DisplayText.Escape($"{pool.Name} on {pool.HostName}, {pool.Status}")));
}
