using System.Management.Automation;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers the namespaces that the session has used, and the default one.</summary>
public sealed class NamespaceCompleter : StoreCompleter
{
    private protected override IEnumerable<CompletionResult> Offer(Session session) =>
        session.Namespaces.Append("jobs").Distinct(StringComparer.Ordinal).Order(StringComparer.OrdinalIgnoreCase).Select(name => Result(name));
}
