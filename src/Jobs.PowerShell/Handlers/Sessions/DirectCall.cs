using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// Calls a compiled script block in the pump's pipeline, with streams and errors going the pipeline's way, and no script around it. PowerShell has this
/// as a private step of <see cref="CommandInvocationIntrinsics"/>: it saves the ten microseconds in which a script that calls a command is bound and logged.
/// </summary>
internal static class DirectCall
{
    /// <summary>False where this PowerShell has it otherwise: handlers are then called by a script.</summary>
    public static bool IsAvailable => EngineInternals.CallBlock is not null;

    /// <summary>Runs the block to its end.</summary>
    public static void Run(PSCmdlet pump, ScriptBlock block, object?[] arguments) =>
        EngineInternals.CallBlock!(pump.InvokeCommand, block, true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, arguments);
}
