using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>Knows the runspaces that the module itself made from the user's own.</summary>
internal static class WorkerRunspaces
{
    private static readonly TimeSpan s_begin = TimeSpan.FromSeconds(1);
    private static readonly ConditionalWeakTable<Runspace, object> s_known = [];

    public static void Add(Runspace runspace) => s_known.AddOrUpdate(runspace, s_known);

    public static bool Contains(Runspace runspace) => s_known.TryGetValue(runspace, out _);

    /// <summary>
    /// Begins to close those that are still open: the abandoned ones, in which a handler does not heed its stop. PowerShell closes all that are open when it ends, and
    /// waits for each; one that is closing already does not hold it up.
    /// </summary>
    public static void CloseAbandoned()
    {
        foreach (var (runspace, _) in s_known)
        {
            if (runspace.RunspaceStateInfo.State != RunspaceState.Opened) continue;
            var begun = new ManualResetEventSlim();
            runspace.StateChanged += (_, _) => begun.Set();
            // CloseAsync's thread would itself keep the process alive.
            new Thread(runspace.Close) { IsBackground = true, Name = "Jobs runspace closer" }.Start();
            begun.Wait(s_begin);
        }
    }
}
