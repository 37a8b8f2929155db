using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// Calls a compiled script block in the pump's pipeline, with streams and errors going the pipeline's way, and no script around it. PowerShell has this
/// as a private step of <see cref="CommandInvocationIntrinsics"/>: it saves the ten microseconds in which a script that calls a command is bound and logged.
/// </summary>
internal static class DirectCall
{
    private delegate Collection<PSObject> Invoke(CommandInvocationIntrinsics intrinsics, ScriptBlock block, bool useNewScope, PipelineResultTypes results, IList? input, object?[] arguments);

    private static readonly Invoke? s_invoke = Find();

    /// <summary>False where this PowerShell has it otherwise: handlers are then called by a script.</summary>
    public static bool IsAvailable => s_invoke is not null;

    /// <summary>Runs the block to its end.</summary>
    public static void Run(PSCmdlet pump, ScriptBlock block, object?[] arguments) =>
        s_invoke!(pump.InvokeCommand, block, true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, arguments);

    private static Invoke? Find()
    {
        var method = typeof(CommandInvocationIntrinsics).GetMethod(
            nameof(CommandInvocationIntrinsics.InvokeScript), BindingFlags.Instance | BindingFlags.NonPublic,
            [typeof(ScriptBlock), typeof(bool), typeof(PipelineResultTypes), typeof(IList), typeof(object[])]);
        return method is null || method.ReturnType != typeof(Collection<PSObject>) ? null : method.CreateDelegate<Invoke>();
    }
}
