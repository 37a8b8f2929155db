using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Jobs.PowerShell.Handlers.Workers;
using Jobs.PowerShell.Loading;

namespace Jobs.PowerShell;

/// <summary>What happens when the module is imported into a runspace, removed from it, and when that runspace closes.</summary>
/// <remarks>
/// The assembly, and so the session, is shared by all runspaces of the process: a handler that imports the module uses its
/// host's connection. The session ends with the last runspace that has the module, with the one that the program itself runs in, or with the process.
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
            if (Runspace.DefaultRunspace is not { } runspace || WorkerRunspaces.Contains(runspace)) return;
            Importers.Add(new WeakReference<Runspace>(runspace));
            runspace.StateChanged += HostsProgram(runspace) ? OnProgramRunspaceChanged : OnRunspaceChanged;
        }
    }

    /// <summary>Stops what the session runs and closes its connections, when no other runspace has the module.</summary>
    /// <param name="psModuleInfo">The module that goes.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } leaving) Leave(leaving, isProgram: false);
    }

    private static void OnProcessExit(object? sender, EventArgs e) => SessionEnd.Run();

    private static void OnRunspaceChanged(object? sender, RunspaceStateEventArgs e) => OnRunspaceChanged(sender, e, isProgram: false);

    private static void OnProgramRunspaceChanged(object? sender, RunspaceStateEventArgs e) => OnRunspaceChanged(sender, e, isProgram: true);

    // PowerShell closes its own runspace first, and all others with it: it would stop the pipelines in which jobs run, and wait for them. This event holds it up.
    private static void OnRunspaceChanged(object? sender, RunspaceStateEventArgs e, bool isProgram)
    {
        if (sender is Runspace runspace && e.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
            Leave(runspace, isProgram);
    }

    private static void Leave(Runspace leaving, bool isProgram)
    {
        lock (Gate)
        {
            var left = Importers.RemoveAll(importer => !importer.TryGetTarget(out var runspace) || runspace == leaving);
            leaving.StateChanged -= OnRunspaceChanged;
            leaving.StateChanged -= OnProgramRunspaceChanged;
            if (left == 0 || (Importers.Count > 0 && !isProgram)) return;
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        }
        // Not within the gate: a handler that is waited for may just be importing the module.
        SessionEnd.Run();
        lock (Gate)
        {
            if (Importers.Count == 0) CoreResolver.Unhook();
        }
    }

    /// <summary>Whether the runspace, which is the caller's own, is the one that the program's host runs in, as a console's.</summary>
    private static bool HostsProgram(Runspace runspace)
    {
        try
        {
            return ScriptBlock.Create("$Host").InvokeReturnAsIs() is PSObject { BaseObject: IHostSupportsInteractiveSession host } && host.Runspace == runspace;
        }
        catch (NotImplementedException)
        {
            // A host that has no runspace of its own.
            return false;
        }
    }

    /// <summary>A class of its own, so that what it names is loaded only when it is called.</summary>
    private static class SessionEnd
    {
        public static void Run() => Session.End();
    }
}
