using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Sessions;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.Bench.Ours;

/// <summary>The module's workers for one script, without its cmdlets.</summary>
internal static class ScriptHost
{
    public static ScriptWorkers Workers(string script)
    {
        var handler = Handler(script);
        return ScriptWorkers.Create(_ => handler);
    }

    /// <summary>Registers in a session such as a user's.</summary>
    private static ScriptHandler Handler(string script)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace;
        ScriptHandler? handler = null;
        shell.AddCommand(new CmdletInfo("Invoke-Work", typeof(PumpCommand)))
            .AddParameter("Pump", (Action<PumpCommand>)(pump => handler = ScriptHandler.FromScriptBlock("bench", ScriptBlock.Create(script), pump.SessionState)))
            .Invoke();
        return handler!;
    }
}
