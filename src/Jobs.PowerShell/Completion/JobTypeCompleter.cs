using System.Management.Automation;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the session's and the store's types.</summary>
public sealed class JobTypeCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        Ask(session, client => client.GetTypesAsync()).Select(type => type.Name)
            .Union(session.Types.All.Select(type => type.Name), StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => Result(name));
}
