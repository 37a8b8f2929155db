using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Streams;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// Runs a handler in the user's own session and pipeline, where breakpoints hold: within a module of its own, so that of the session it sees what a
/// worker's has too, the global things, and nothing of the scopes that the call stands in.
/// </summary>
internal sealed class LocalRun(PSCmdlet cmdlet, ScriptHandler registered)
{
    private const string ImportCall = "param($jobModule, $jobImport, $jobName) . $jobModule $jobImport $jobName Local";

    private readonly CompiledHandler _handler = new(registered, mayBeDirect: false);

    /// <param name="run">What the handler is told of its run.</param>
    /// <param name="scope">Where the module's commands work meanwhile.</param>
    /// <param name="verbose">Whether its verbose messages are to be seen.</param>
    /// <exception cref="HandlerException">InvalidData, ModuleNotFound, and ExitCode… of a handler that exits with an error.</exception>
    public void Invoke(IRunInfo run, HandlerScope scope, bool verbose)
    {
        var call = _handler.CallFor(run.Job, out var data);
        var module = new PSModuleInfo(linkToGlobal: true);
        foreach (var name in registered.Options.Modules) Import(module, name);
        var strict = registered.Options.ErrorPolicy == JobErrorPolicy.Stop;
        // Those of SessionVariables, global as in a worker's session, so that functions of modules see them as well.
        var variables = new List<(string Name, object? Value)>
        {
            ("JobContext", new JobContext(run)),
            ("_", data),
            ("ErrorActionPreference", strict ? ActionPreference.Stop : ActionPreference.Continue),
            ("PSNativeCommandUseErrorActionPreference", strict),
        };
        if (verbose) variables.Add(("VerbosePreference", ActionPreference.Continue));
        var before = variables.ConvertAll(variable => (variable.Name, Session.Get(Global(variable.Name))?.Value, Session.Get(Global(variable.Name)) is not null));
        try
        {
            foreach (var (name, value) in variables) Session.Set(Global(name), value);
            HandlerScope.Run(scope, () => Run(call, module, run.Job.Type));
        }
        finally
        {
            foreach (var (name, value, existed) in before)
            {
                // PowerShell lets nobody remove $_.
                if (existed || name == "_") Session.Set(Global(name), value);
                else Session.Remove(Global(name));
            }
        }
    }

    private PSVariableIntrinsics Session => cmdlet.SessionState.PSVariable;

    private static string Global(string name) => "global:" + name;

    private void Run(HandlerCall call, PSModuleInfo module, string type)
    {
        try
        {
            _handler.Run(cmdlet, call, module);
        }
        catch (ExitException e)
        {
            // It must not end the session.
            var code = LanguagePrimitives.TryConvertTo<int>(e.Argument, out var number) ? number : 1;
            if (code != 0) throw new HandlerException($"ExitCode{code}", ErrorCategory.FromStdErr, ErrorDetail.Exited(code).Message, type);
        }
        catch (LoopFlowException e)
        {
            cmdlet.WriteWarning(ErrorDetail.LoopLeft(e));
        }
    }

    private void Import(PSModuleInfo module, string name)
    {
        try
        {
            cmdlet.InvokeCommand.InvokeScript(ImportCall, true, PipelineResultTypes.None, null, module, ScriptBlock.Create(ModuleNames.ImportScript), ModuleNames.Specification(name));
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw WorkerTemplate.ModuleFailed(name, e);
        }
    }
}
