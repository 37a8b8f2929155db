using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// A runspace as it was before its first job, to which it is set back after each: global variables, functions and aliases, location, culture,
/// event subscriptions, background jobs, <c>$Error</c>. The environment, loaded assemblies and type data belong to the process and stay.
/// </summary>
internal sealed class SessionBaseline
{
    private static readonly HashSet<string> s_volatile = new(["?", "^", "$", "_", "Error", "JobContext", "PWD", "StackTrace", "input", "args", "this"], StringComparer.OrdinalIgnoreCase);

    private readonly SessionState _session;
    private readonly TableBaseline<PSVariable> _variables;
    private readonly TableBaseline<FunctionInfo> _functions;
    private readonly TableBaseline<AliasInfo> _aliases;
    private readonly PSVariable? _location;
    private readonly IDictionary? _defaults;
    private readonly ArrayList? _errors;
    private readonly DictionaryEntry[] _defaultEntries;
    private readonly string _path;
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly int _subscribers;
    private object? _locationValue;

    private SessionBaseline(PSCmdlet pump, SessionTables tables)
    {
        _session = pump.SessionState;
        _variables = new(tables.Variables, variable => variable.Value, variable => !s_volatile.Contains(variable.Name), variable => variable.Module is not null, (_, variable) => Remove(variable), Reset);
        _functions = new(tables.Functions, function => function.ScriptBlock, _ => true, function => function.Module is not null,
            (name, _) => RemoveItem("function:", name), (function, body) => Item("function:", function.Name, body));
        _aliases = new(tables.Aliases, alias => alias.Definition, _ => true, alias => alias.Module is not null,
            (name, _) => RemoveItem("alias:", name), (alias, definition) => Item("alias:", alias.Name, definition));
        tables.Variables.TryGetValue("PWD", out _location);
        _locationValue = _location?.Value;
        _path = _session.Path.CurrentLocation.Path;
        _errors = _session.PSVariable.GetValue("Error") as ArrayList;
        _defaults = (_session.PSVariable.GetValue("PSDefaultParameterValues") as PSObject)?.BaseObject as IDictionary ?? _session.PSVariable.GetValue("PSDefaultParameterValues") as IDictionary;
        _defaultEntries = _defaults is null ? [] : [.. _defaults.Cast<DictionaryEntry>()];
        _subscribers = pump.Events.Subscribers.Count;
        _variables.Capture();
        _functions.Capture();
        _aliases.Capture();
    }

    /// <summary>Null where this PowerShell hides its tables otherwise.</summary>
    public static SessionBaseline? Capture(PSCmdlet pump) => SessionTables.Of(pump.SessionState) is { } tables ? new SessionBaseline(pump, tables) : null;

    public void Restore(PSCmdlet pump)
    {
        // Also undoes what the handler put into the thread's flow: its principal, its async locals.
        if (_context is not null) ExecutionContext.Restore(_context);
        // Before the variables, of which two show the culture.
        if (!ReferenceEquals(CultureInfo.CurrentCulture, _culture)) CultureInfo.CurrentCulture = _culture;
        if (!ReferenceEquals(CultureInfo.CurrentUICulture, _uiCulture)) CultureInfo.CurrentUICulture = _uiCulture;
        if (_errors is { Count: > 0 }) _errors.Clear();
        if (_variables.HasChanged()) _variables.Restore();
        if (_functions.HasChanged()) _functions.Restore();
        if (_aliases.HasChanged()) _aliases.Restore();
        if (_location is not null && !ReferenceEquals(_location.Value, _locationValue)) ReturnHome();
        if (_defaults is not null && (_defaults.Count != _defaultEntries.Length || _defaultEntries.Length > 0)) RestoreDefaults(_defaults);
        if (pump.Events.Subscribers.Count != _subscribers) Unsubscribe(pump);
        for (var i = pump.Events.ReceivedEvents.Count - 1; i >= 0; i--) pump.Events.ReceivedEvents.RemoveAt(i);
        if (pump.JobRepository.Jobs.Count > 0) RemoveJobs(pump);
    }

    private void Remove(PSVariable variable)
    {
        if (s_volatile.Contains(variable.Name)) return;
        try
        {
            if ((variable.Options & ScopedItemOptions.ReadOnly) != 0) RemoveItem("variable:", variable.Name);
            else _session.PSVariable.Remove(variable);
        }
        catch (SessionStateUnauthorizedAccessException)
        {
            // A constant can't be removed by anyone: the runspace itself must go.
            throw new SessionSpoiledException();
        }
    }

    private void Reset(PSVariable variable, object? value)
    {
        if (s_volatile.Contains(variable.Name)) return;
        try
        {
            if ((variable.Options & ScopedItemOptions.ReadOnly) != 0 && !Equals(variable.Value, value)) variable.Options &= ~ScopedItemOptions.ReadOnly;
            variable.Value = value;
            if (_session.PSVariable.Get(variable.Name) != variable) _session.PSVariable.Set(variable);
        }
        catch (Exception e) when (e is SessionStateException or MetadataException)
        {
            throw new SessionSpoiledException();
        }
    }

    private void RemoveItem(string drive, string name) => Invoke(() => _session.InvokeProvider.Item.Remove([drive + WildcardPattern.Escape(name)], recurse: false, force: true, literalPath: false));

    private void Item(string drive, string name, object? value) => Invoke(() => _session.InvokeProvider.Item.Set([drive + WildcardPattern.Escape(name)], value, force: true, literalPath: false));

    private static void Invoke(Action change)
    {
        try
        {
            change();
        }
        catch (RuntimeException)
        {
            throw new SessionSpoiledException();
        }
    }

    private void ReturnHome()
    {
        try
        {
            _session.Path.SetLocation(_path);
            var stack = _session.Path.LocationStack("");
            while (stack.Count > 0) stack.Pop();
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException)
        {
            // The directory is gone, for this runspace and for any new one.
        }
        _locationValue = _location!.Value;
    }

    private void RestoreDefaults(IDictionary defaults)
    {
        if (defaults.Count == _defaultEntries.Length && Array.TrueForAll(_defaultEntries, entry => Equals(defaults[entry.Key], entry.Value))) return;
        defaults.Clear();
        foreach (var entry in _defaultEntries) defaults.Add(entry.Key, entry.Value);
    }

    private void Unsubscribe(PSCmdlet pump)
    {
        foreach (var subscriber in pump.Events.Subscribers.Skip(_subscribers).ToList()) pump.Events.UnsubscribeEvent(subscriber);
    }

    private static void RemoveJobs(PSCmdlet pump)
    {
        foreach (var job in pump.JobRepository.Jobs)
        {
            pump.JobRepository.Remove(job);
            // Stopping may take as long as what it runs.
            ThreadPool.QueueUserWorkItem(static job =>
            {
                try
                {
                    job.StopJob();
                    job.Dispose();
                }
                catch (Exception e) when (e is InvalidOperationException or RuntimeException or ObjectDisposedException)
                {
                    // It had ended already.
                }
            }, job, preferLocal: false);
        }
    }
}

/// <summary>A job left something in its runspace that can't be undone.</summary>
internal sealed class SessionSpoiledException : Exception;
