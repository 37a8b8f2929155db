using System.Management.Automation;
using System.Reflection;

namespace Jobs.EngineHost;

/// <summary>The variables of one scope (a name or a number), or, without one, all that are visible; the engine publishes only the latter.</summary>
internal sealed class ScopedVariables(SessionState session, string? scope)
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly object _state = typeof(SessionState).GetProperty("Internal", Any)!.GetValue(session)!;

    public IEnumerable<PSVariable> All() =>
        ((IDictionary<string, PSVariable>)(scope is null ? Call("GetVariableTable") : Call("GetVariableTableAtScope", scope))!).Values;

    public void Set(PSVariable variable, bool force) =>
        Call("SetVariableAtScope", variable, scope ?? "local", force, CommandOrigin.Internal);

    public void Remove(PSVariable variable, bool force)
    {
        if (scope is null)
            Call("RemoveVariable", variable, force);
        else
            Call("RemoveVariableAtScope", variable, scope, force);
    }

    private object? Call(string method, params object[] arguments)
    {
        var found = _state.GetType().GetMethod(method, Any, [.. arguments.Select(argument => argument.GetType())])
            ?? throw new MissingMethodException(_state.GetType().FullName, method);
        try
        {
            return found.Invoke(_state, arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is RuntimeException inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            return null;
        }
    }
}
