using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Stops this session's pools and closes its connections. Registered types stay. In a handler: turns back to its pool's store, and stops and closes nothing.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "JobStore", SupportsShouldProcess = true)]
public sealed class DisconnectJobStoreCommand : JobsCmdlet
{
    /// <summary>Ends the private server of Connect-JobStore -Local too. Its data stays.</summary>
    [Parameter]
    public SwitchParameter Shutdown { get; set; }

    private protected override void Process()
    {
        if (HandlerScope.Current is { } scope)
        {
            if (Shutdown) throw NotInHandler("end the private server: pools and sessions may use it");
            if (ShouldProcess("the handler's own connection", "Disconnect")) HandlerScope.Current = scope with { Chosen = null };
            return;
        }
        var session = Session.Current;
        var connection = session.Connected;
        if (Shutdown && connection is { LocalDataPath: null })
            throw new JobsException(JobsError.InvalidConfiguration, "-Shutdown ends this machine's private server, but the session is connected to another one. Connect-JobStore -Local first.") { Target = connection.Store.Endpoint };
        var dataPath = connection?.LocalDataPath ?? LocalServer.DefaultDataPath;
        if (!ShouldProcess(connection?.Store.Endpoint ?? dataPath, Shutdown ? "Disconnect and shut down" : "Disconnect")) return;
        session.Disconnect();
        if (Shutdown && !Await(LocalServer.ShutdownAsync(dataPath, StopToken)))
            WriteVerbose($"No private server was running for '{dataPath}'.");
    }
}
