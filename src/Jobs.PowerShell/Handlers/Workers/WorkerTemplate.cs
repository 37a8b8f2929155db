using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.PowerShell.Handlers.Processes;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Sessions;
using Jobs.PowerShell.Handlers.Streams;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>What all runspaces of a pool are made from.</summary>
/// <param name="Initial">Shared: PowerShell copies it for each runspace.</param>
/// <param name="Modules">Imported into each.</param>
/// <param name="Initialization">Run in each, in its global scope; null: none.</param>
/// <param name="Find">A type's handler.</param>
/// <param name="Report">Told what goes wrong beside the jobs.</param>
/// <param name="Processes">Starts processes for types that want one a job; null: there is no shell to start.</param>
/// <param name="Scope">Where the module's commands work in handlers; null: as in the session around them.</param>
internal sealed record WorkerTemplate(
    InitialSessionState Initial, IReadOnlyList<string> Modules, ScriptHandler? Initialization, Func<string, ScriptHandler?> Find, Action<string>? Report, ChildShell? Processes = null, HandlerScope? Scope = null)
{
    /// <summary>Opens a runspace on the calling thread and makes it ready.</summary>
    /// <param name="host">What its scripts see of a host.</param>
    /// <param name="stop">Stops the scripts that make it ready.</param>
    /// <exception cref="HandlerException">ModuleNotFound, InitializationFailed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Runspace Open(System.Management.Automation.Host.PSHost host, CancellationToken stop)
    {
        var runspace = RunspaceFactory.CreateRunspace(host, Initial);
        try
        {
            WorkerRunspaces.Add(runspace);
            runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
            runspace.Open();
            OwnModule.OfferTo(runspace.SessionStateProxy.InvokeCommand);
            foreach (var module in Modules) Import(runspace, module, stop);
            if (Initialization is not null) Initialize(runspace, Initialization, stop);
            return runspace;
        }
        catch
        {
            runspace.Dispose();
            throw;
        }
    }

    /// <summary>Looks whether a module is there, without importing it: for handlers that run elsewhere.</summary>
    /// <exception cref="HandlerException">ModuleNotFound.</exception>
    public static void Locate(Runspace runspace, string module)
    {
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand("Get-Module").AddParameter("ListAvailable").AddParameter("FullyQualifiedName", ModuleNames.Specification(module)).AddParameter("ErrorAction", ActionPreference.SilentlyContinue);
        if (shell.Invoke().Count == 0) throw NotInstalled(module, null);
    }

    /// <summary>Imports one module into a runspace that is not running anything.</summary>
    public static void Import(Runspace runspace, string module, CancellationToken stop)
    {
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddScript(ModuleNames.ImportScript, useLocalScope: true).AddArgument(ModuleNames.Specification(module));
        try
        {
            Run(shell, stop);
        }
        catch (RuntimeException e)
        {
            stop.ThrowIfCancellationRequested();
            throw ModuleFailed(module, e);
        }
    }

    public static HandlerException ModuleFailed(string module, RuntimeException e)
    {
        var missing = e is not ActionPreferenceStopException && e.ErrorRecord.Exception is FileNotFoundException || e.ErrorRecord.FullyQualifiedErrorId.StartsWith("Modules_ModuleNotFound", StringComparison.Ordinal);
        return missing ? NotInstalled(module, e) : new HandlerException("ModuleNotFound", ErrorCategory.InvalidResult, $"Module '{module}' can't be imported by the workers: {e.Message}", module, e);
    }

    private static HandlerException NotInstalled(string module, Exception? e) => new("ModuleNotFound", ErrorCategory.ObjectNotFound,
        $"Module '{module}' is not installed where the workers look ($env:PSModulePath), or is no file.", module, e);

    private static void Initialize(Runspace runspace, ScriptHandler script, CancellationToken stop)
    {
        Jobs.Core.JobError? exit = null;
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand(new CmdletInfo("Initialize-Worker", typeof(PumpCommand))).AddParameter(nameof(PumpCommand.Pump), (PumpCommand pump) =>
        {
            // Dot-sourced, so that what it defines stays.
            var handler = new CompiledHandler(script);
            pump.SessionState.PSVariable.Set("ErrorActionPreference", ActionPreference.Stop);
            try
            {
                handler.Dot(pump);
            }
            catch (ExitException e) when (LanguagePrimitives.TryConvertTo<int>(e.Argument, out var code))
            {
                // The pipeline itself would take it for its own end.
                if (code != 0) exit = ErrorDetail.Exited(code);
            }
            foreach (var name in CompiledHandler.CallVariables) pump.SessionState.PSVariable.Remove(name);
        });
        try
        {
            Run(shell, stop);
            if (exit is not null) throw Failed(exit, null);
            if (shell.Streams.Error.FirstOrDefault() is { } record) throw Failed(ErrorDetail.Of(record), record.Exception);
        }
        catch (Exception e) when (e is RuntimeException or FlowControlException)
        {
            stop.ThrowIfCancellationRequested();
            throw Failed(ErrorDetail.Of(e), e);
        }
    }

    /// <summary>Runs a pipeline on the calling thread, and stops it when told to.</summary>
    private static void Run(System.Management.Automation.PowerShell shell, CancellationToken stop)
    {
        var stopping = new RunStop(shell, StartedPrograms.OfThisThread());
        try
        {
            using (stop.UnsafeRegister(static stop => ((RunStop)stop!).Stop(), stopping)) shell.Invoke(null, StreamTap.Output(_ => { }), null);
        }
        catch (InvalidOperationException) when (stop.IsCancellationRequested)
        {
            // The stop came before the pipeline had begun.
        }
        finally
        {
            // The stop must have left the pipeline before that is let go.
            if (!stopping.TryEnd()) stopping.WaitUntilIssued();
        }
        stop.ThrowIfCancellationRequested();
    }

    private static HandlerException Failed(Jobs.Core.JobError error, Exception? inner) => new("InitializationFailed", ErrorCategory.InvalidResult,
        $"The pool's initialization script failed: {error.Message}{(error.Position is { } position ? Environment.NewLine + position : "")}", inner: inner);
}
