using System.Management.Automation;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the queues that types name and pools serve, and this machine's own.</summary>
public sealed class QueueCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        session.Types.All.Select(type => type.Defaults.Queue)
            .Concat(Ask(session, client => client.GetTypesAsync()).Select(type => type.Defaults.Queue))
            .Concat(Ask(session, client => client.GetPoolsAsync()).SelectMany(pool => pool.Queues))
            .Append("default")
            .Append(Environment.MachineName)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => Result(name));
}
