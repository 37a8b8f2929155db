using System.Collections;
using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// What PowerShell's engine has and does not show, and the module looks at all the same: all of it is here. Each is null where this PowerShell has it
/// otherwise, and whoever asks has another way then, a slower one.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary><see cref="CommandInvocationIntrinsics"/>' own step from a script to the call of its block.</summary>
    public delegate Collection<PSObject> BlockCall(CommandInvocationIntrinsics intrinsics, ScriptBlock block, bool useNewScope, PipelineResultTypes results, IList? input, object?[] arguments);

    public static BlockCall? CallBlock { get; } = FindBlockCall();

    /// <summary>The tables of the global scope.</summary>
    public static Dictionary<string, PSVariable>? Variables(SessionState session) => Get(GlobalScope(session), "Variables") as Dictionary<string, PSVariable>;

    public static Dictionary<string, FunctionInfo>? Functions(SessionState session) => Get(GlobalScope(session), "FunctionTable") as Dictionary<string, FunctionInfo>;

    public static Dictionary<string, AliasInfo>? Aliases(SessionState session) => Call(GlobalScope(session), "GetAliases") as Dictionary<string, AliasInfo>;

    public static Dictionary<string, PSDriveInfo>? Drives(SessionState session) => Call(GlobalScope(session), "GetDrives") as Dictionary<string, PSDriveInfo>;

    /// <summary>The modules that are loaded.</summary>
    public static Dictionary<string, PSModuleInfo>? Modules(SessionState session) => Get(Session(session), "ModuleTable") as Dictionary<string, PSModuleInfo>;

    /// <summary>Strict mode of the global scope.</summary>
    public static Func<Version?>? StrictMode(SessionState session) => Getter<Version?>(GlobalScope(session), "StrictModeVersion");

    /// <summary>Other than zero with breakpoints, tracing and stepping.</summary>
    public static Func<int>? DebuggingMode(SessionState session) =>
        Get(Session(session), "ExecutionContext") is { } context && context.GetType().GetField("_debuggingMode", Hidden) is { } mode
            ? Expression.Lambda<Func<int>>(Expression.Field(Expression.Constant(context), mode)).Compile()
            : null;

    /// <summary>The hook of changed locations: public, but not in PowerShell Standard.</summary>
    public static Func<object?>? LocationChanged(CommandInvocationIntrinsics commands) => Getter<object?>(commands, "LocationChangedAction");

    public static ICollection? Transcripts(Runspace runspace) => Get(Get(runspace, "TranscriptionData"), "Transcripts") as ICollection;

    public static ICollection? RemoteSessions(Runspace runspace) => Get(Get(runspace, "RunspaceRepository"), "Dictionary") as ICollection;

    /// <summary>The job sources that modules have brought, by name.</summary>
    public static IDictionary? JobSources(Runspace runspace) =>
        Get(runspace, nameof(JobManager)) is { } manager ? typeof(JobManager).GetField("_sourceAdapters", Hidden)?.GetValue(manager) as IDictionary : null;

    private static object? Session(SessionState session) => Get(session, "Internal");

    private static object? GlobalScope(SessionState session) => Get(Session(session), "GlobalScope");

    private static object? Get(object? owner, string property) => owner?.GetType().GetProperty(property, Hidden)?.GetValue(owner);

    private static object? Call(object? owner, string method) => owner?.GetType().GetMethod(method, Hidden, [])?.Invoke(owner, null);

    /// <summary>A property as it is each time.</summary>
    private static Func<T>? Getter<T>(object? owner, string property) => owner?.GetType().GetProperty(property, Hidden)?.GetMethod?.CreateDelegate<Func<T>>(owner);

    private static BlockCall? FindBlockCall()
    {
        var method = typeof(CommandInvocationIntrinsics).GetMethod(
            nameof(CommandInvocationIntrinsics.InvokeScript), BindingFlags.Instance | BindingFlags.NonPublic,
            [typeof(ScriptBlock), typeof(bool), typeof(PipelineResultTypes), typeof(IList), typeof(object[])]);
        return method is null || method.ReturnType != typeof(Collection<PSObject>) ? null : method.CreateDelegate<BlockCall>();
    }
}
