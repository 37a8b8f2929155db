using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Jobs.EngineHost;

/// <summary>Sets variables in a scope that is not the caller's (a name or a number), which the engine does not publish.</summary>
internal static class ScopedVariables
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static void Set(SessionState session, PSVariable variable, string scope, bool force)
    {
        var state = typeof(SessionState).GetProperty("Internal", Any)!.GetValue(session)!;
        const string name = "SetVariableAtScope";
        var method = state.GetType().GetMethod(name, Any, [typeof(PSVariable), typeof(string), typeof(bool), typeof(CommandOrigin)])
            ?? throw new MissingMethodException(state.GetType().FullName, name);
        try
        {
            method.Invoke(state, [variable, scope, force, CommandOrigin.Internal]);
        }
        catch (TargetInvocationException e) when (e.InnerException is RuntimeException inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }
    }
}
