using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>Knows the workers' runspaces from the user's own.</summary>
internal static class WorkerRunspaces
{
    private static readonly ConditionalWeakTable<Runspace, object> s_known = [];

    public static void Add(Runspace runspace) => s_known.AddOrUpdate(runspace, s_known);

    public static bool Contains(Runspace runspace) => s_known.TryGetValue(runspace, out _);
}
