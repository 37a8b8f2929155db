using System.Management.Automation;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>The global variables that a job finds: <c>$JobContext</c>, <c>$_</c> and the preferences of its error policy. Global, so that functions of modules see them as well.</summary>
internal sealed class SessionVariables
{
    private readonly PSVariable _context;
    private readonly PSVariable _data;
    private readonly PSVariable _errors;
    private readonly PSVariable _native;
    private readonly object _stop;
    private bool _continues;

    public SessionVariables(SessionState session)
    {
        _context = Global(session, "JobContext", null);
        _data = Global(session, "_", null);
        _errors = Global(session, "ErrorActionPreference", ActionPreference.Stop);
        _native = Global(session, "PSNativeCommandUseErrorActionPreference", true);
        _stop = _errors.Value;
    }

    public void Set(JobErrorPolicy policy, JobContext context, object? data)
    {
        _context.Value = context;
        _data.Value = data;
        if (policy == JobErrorPolicy.Stop) return;
        _continues = true;
        _errors.Value = ActionPreference.Continue;
        _native.Value = false;
    }

    public void Clear()
    {
        _context.Value = null;
        _data.Value = null;
        if (!_continues) return;
        _continues = false;
        _errors.Value = _stop;
        _native.Value = true;
    }

    private static PSVariable Global(SessionState session, string name, object? value)
    {
        session.PSVariable.Set(name, value);
        return session.PSVariable.Get(name);
    }
}
