using System.Management.Automation;
using System.Reflection;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// The tables behind a runspace's global scope. PowerShell shows them only through its providers, which take 0.3 ms to list; looking at the
/// tables themselves takes a microsecond, cheap enough to do after each job.
/// </summary>
internal sealed class SessionTables
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly PropertyInfo? s_internal = typeof(SessionState).GetProperty("Internal", Hidden);
    private static readonly PropertyInfo? s_global = s_internal?.PropertyType.GetProperty("GlobalScope", Hidden);
    private static readonly PropertyInfo? s_variables = s_global?.PropertyType.GetProperty("Variables", Hidden);
    private static readonly PropertyInfo? s_functions = s_global?.PropertyType.GetProperty("FunctionTable", Hidden);
    private static readonly MethodInfo? s_drives = s_global?.PropertyType.GetMethod("GetDrives", Hidden, []);
    private static readonly MethodInfo? s_aliases = s_global?.PropertyType.GetMethod("GetAliases", Hidden, []);

    private SessionTables(Dictionary<string, PSVariable> variables, Dictionary<string, FunctionInfo> functions, Dictionary<string, AliasInfo> aliases, Dictionary<string, PSDriveInfo> drives)
    {
        Variables = variables;
        Functions = functions;
        Aliases = aliases;
        Drives = drives;
    }

    public Dictionary<string, PSVariable> Variables { get; }

    public Dictionary<string, FunctionInfo> Functions { get; }

    public Dictionary<string, AliasInfo> Aliases { get; }

    public Dictionary<string, PSDriveInfo> Drives { get; }

    /// <summary>The tables of a session's global scope; null where this PowerShell keeps them otherwise, and each job then needs a new runspace.</summary>
    public static SessionTables? Of(SessionState session)
    {
        var scope = s_global?.GetValue(s_internal!.GetValue(session));
        return scope is not null
            && s_variables?.GetValue(scope) is Dictionary<string, PSVariable> variables
            && s_functions?.GetValue(scope) is Dictionary<string, FunctionInfo> functions
            && s_aliases?.Invoke(scope, null) is Dictionary<string, AliasInfo> aliases
            && s_drives?.Invoke(scope, null) is Dictionary<string, PSDriveInfo> drives
            ? new SessionTables(variables, functions, aliases, drives)
            : null;
    }
}
