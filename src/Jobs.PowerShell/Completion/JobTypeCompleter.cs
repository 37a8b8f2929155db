using System.Management.Automation;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the session's and the store's types.</summary>
public sealed class JobTypeCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        session.Types.All.Select(type => type.Name)
            .Union(Ask(session, client => client.GetTypesAsync()).Select(type => type.Name))
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => Result(name));
}
