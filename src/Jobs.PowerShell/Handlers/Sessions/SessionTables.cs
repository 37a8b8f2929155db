using System.Management.Automation;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// The tables behind a runspace's global scope. PowerShell shows them only through its providers, which take 0.3 ms to list; looking at the
/// tables themselves takes a microsecond, cheap enough to do after each job.
/// </summary>
internal sealed record SessionTables(
    Dictionary<string, PSVariable> Variables, Dictionary<string, FunctionInfo> Functions, Dictionary<string, AliasInfo> Aliases, Dictionary<string, PSDriveInfo> Drives)
{
    /// <summary>The tables of a session's global scope; null where this PowerShell keeps them otherwise, and each job then needs a new runspace.</summary>
    public static SessionTables? Of(SessionState session) =>
        EngineInternals.Variables(session) is { } variables && EngineInternals.Functions(session) is { } functions
        && EngineInternals.Aliases(session) is { } aliases && EngineInternals.Drives(session) is { } drives
            ? new SessionTables(variables, functions, aliases, drives)
            : null;
}
