using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.PowerShell.Handlers.Workers;
using Jobs.PowerShell.Loading;

namespace Jobs.PowerShell;

/// <summary>What happens when the module is imported into a runspace and removed from it.</summary>
/// <remarks>
/// The assembly, and so the session, is shared by all runspaces of the process: a handler that imports the module uses its
/// host's connection. The session ends with the last runspace that has the module, or with the process.
/// </remarks>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<Runspace>> Importers = [];

    /// <summary>Makes the engine's assemblies resolvable, before anything here touches them.</summary>
    public void OnImport()
    {
        lock (Gate)
        {
            CoreResolver.Hook();
            if (Importers.Count == 0)
                AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            // Workers are the session's own: they must not keep it alive.
            if (Runspace.DefaultRunspace is { } runspace && !WorkerRunspaces.Contains(runspace))
                Importers.Add(new WeakReference<Runspace>(runspace));
        }
    }

    /// <summary>Stops what the session runs and closes its connections, when no other runspace has the module.</summary>
    /// <param name="psModuleInfo">The module that goes.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        lock (Gate)
        {
            var leaving = Runspace.DefaultRunspace;
            Importers.RemoveAll(importer => !importer.TryGetTarget(out var runspace) || runspace == leaving || IsOver(runspace));
            if (Importers.Count > 0) return;
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            SessionEnd.Run();
            CoreResolver.Unhook();
        }
    }

    private static void OnProcessExit(object? sender, EventArgs e) => SessionEnd.Run();

    private static bool IsOver(Runspace runspace) =>
        runspace.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Closing or RunspaceState.Broken;

    /// <summary>A class of its own, so that what it names is loaded only when it is called.</summary>
    private static class SessionEnd
    {
        public static void Run() => Session.End();
    }
}
