using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// A runspace and its thread as they were before the first job, to which they are set back after each: global variables, functions, aliases and drives, location,
/// event subscriptions, the hooks of command lookup, <c>$Error</c>. Where that can't be done the session is spoiled. The environment and loaded assemblies belong to
/// the process and stay.
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
    private readonly ThreadBaseline _thread = new();
    private readonly SessionSettings _settings;
    private readonly TableBaseline<PSDriveInfo> _drives;
    private readonly EventHandler<CommandLookupEventArgs>? _notFound;
    private readonly EventHandler<CommandLookupEventArgs>? _beforeLookup;
    private readonly EventHandler<CommandLookupEventArgs>? _afterLookup;
    private readonly int _subscribers;
    private object? _locationValue;

    private SessionBaseline(PSCmdlet pump, SessionTables tables, SessionSettings settings)
    {
        _session = pump.SessionState;
        _settings = settings;
        _variables = new(tables.Variables, variable => variable.Value, variable => !s_volatile.Contains(variable.Name), variable => variable.Module is not null, (_, variable) => Remove(variable), Reset);
        _functions = new(tables.Functions, function => function.ScriptBlock, _ => true, function => function.Module is not null,
            (name, _) => RemoveItem("function:", name), (function, body) => Item("function:", function.Name, body));
        _aliases = new(tables.Aliases, alias => alias.Definition, _ => true, alias => alias.Module is not null,
            (name, _) => RemoveItem("alias:", name), (alias, definition) => Item("alias:", alias.Name, definition));
        _drives = new(tables.Drives, drive => drive.CurrentLocation, _ => true, _ => false,
            (name, _) => Invoke(() => _session.Drive.Remove(name, force: true, scope: "Global")),
            (drive, location) => drive.CurrentLocation = tables.Drives.ContainsKey(drive.Name) ? (string)location! : throw new SessionSpoiledException());
        var commands = _session.InvokeCommand;
        (_notFound, _beforeLookup, _afterLookup) = (commands.CommandNotFoundAction, commands.PreCommandLookupAction, commands.PostCommandLookupAction);
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
        _drives.Capture();
    }

    /// <summary>Null where this PowerShell hides its tables otherwise.</summary>
    public static SessionBaseline? Capture(PSCmdlet pump, Runspace runspace) =>
        SessionTables.Of(pump.SessionState) is { } tables && SessionSettings.Of(pump.SessionState, runspace) is { } settings ? new SessionBaseline(pump, tables, settings) : null;

    public void Restore(PSCmdlet pump)
    {
        // Before the variables, of which two show the culture.
        _thread.Restore();
        RestoreHooks(_session.InvokeCommand);
        if (_errors is { Count: > 0 }) _errors.Clear();
        if (_variables.HasChanged()) _variables.Restore();
        if (_functions.HasChanged()) _functions.Restore();
        if (_aliases.HasChanged()) _aliases.Restore();
        if (_location is not null && !ReferenceEquals(_location.Value, _locationValue)) ReturnHome();
        // After the location, which the current drive has as its own.
        if (_drives.HasChanged()) _drives.Restore();
        if (_defaults is not null && (_defaults.Count != _defaultEntries.Length || _defaultEntries.Length > 0)) RestoreDefaults(_defaults);
        if (pump.Events.Subscribers.Count != _subscribers) Unsubscribe(pump);
        for (var i = pump.Events.ReceivedEvents.Count - 1; i >= 0; i--) pump.Events.ReceivedEvents.RemoveAt(i);
        // Last: a runspace that goes is not to raise events that a handler asked for.
        if (_settings.HaveChanged()) throw new SessionSpoiledException();
    }

    private void RestoreHooks(CommandInvocationIntrinsics commands)
    {
        if (!ReferenceEquals(commands.CommandNotFoundAction, _notFound)) commands.CommandNotFoundAction = _notFound;
        if (!ReferenceEquals(commands.PreCommandLookupAction, _beforeLookup)) commands.PreCommandLookupAction = _beforeLookup;
        if (!ReferenceEquals(commands.PostCommandLookupAction, _afterLookup)) commands.PostCommandLookupAction = _afterLookup;
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
}

/// <summary>A job left something in its runspace that can't be undone.</summary>
internal sealed class SessionSpoiledException : Exception;
