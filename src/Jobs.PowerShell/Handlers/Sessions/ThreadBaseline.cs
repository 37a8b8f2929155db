using System.Globalization;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>The calling thread as it was, to which it is set back after a job: culture, principal and async locals, priority, name.</summary>
internal sealed class ThreadBaseline
{
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly ThreadPriority _priority = Thread.CurrentThread.Priority;
    private readonly string? _name = Thread.CurrentThread.Name;

    public void Restore()
    {
        // Undoes what the handler put into the thread's flow: its principal, its async locals.
        if (_context is not null) ExecutionContext.Restore(_context);
        if (!ReferenceEquals(CultureInfo.CurrentCulture, _culture)) CultureInfo.CurrentCulture = _culture;
        if (!ReferenceEquals(CultureInfo.CurrentUICulture, _uiCulture)) CultureInfo.CurrentUICulture = _uiCulture;
        var thread = Thread.CurrentThread;
        if (thread.Priority != _priority) thread.Priority = _priority;
        if (!ReferenceEquals(thread.Name, _name)) thread.Name = _name;
        // A foreground thread would keep the process alive.
        if (!thread.IsBackground) thread.IsBackground = true;
    }
}
