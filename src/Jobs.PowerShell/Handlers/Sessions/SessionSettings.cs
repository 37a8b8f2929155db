using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// What a runspace has beside its tables and can't be set back by anyone but a new one: language mode, breakpoints and tracing, strict mode of the global scope,
/// the hook of changed locations, transcripts, remote sessions, permitted programs and scripts, and modules that are gone. Looking takes a fraction of a microsecond.
/// </summary>
internal sealed class SessionSettings
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private readonly SessionState _session;
    private readonly object _context;
    private readonly FieldInfo _debugging;
    private readonly Func<Version?> _strictMode;
    private readonly Func<object?> _moved;
    private readonly ICollection[] _counted;
    private readonly int[] _counts;
    private readonly IDictionary _modules;
    private readonly PSLanguageMode _languageMode;
    private readonly int _debuggingMode;
    private readonly Version? _strictVersion;
    private string[] _known;

    private SessionSettings(SessionState session, object context, FieldInfo debugging, Func<Version?> strictMode, Func<object?> moved, ICollection[] counted, IDictionary modules)
    {
        (_session, _context, _debugging, _strictMode, _moved, _counted, _modules) = (session, context, debugging, strictMode, moved, counted, modules);
        _languageMode = session.LanguageMode;
        _debuggingMode = DebuggingMode;
        _strictVersion = strictMode();
        _counts = [.. counted.Select(collection => collection.Count)];
        _known = [.. modules.Keys.Cast<string>()];
    }

    // Above zero with breakpoints, below while the engine ignores them; tracing and stepping count too.
    private int DebuggingMode => (int)_debugging.GetValue(_context)!;

    /// <summary>Null where this PowerShell keeps them otherwise.</summary>
    public static SessionSettings? Of(SessionState session, Runspace runspace)
    {
        var engine = Get(session, "Internal");
        var context = Get(engine, "ExecutionContext");
        var global = Get(engine, "GlobalScope");
        var debugging = context?.GetType().GetField("_debuggingMode", Hidden);
        var strict = global?.GetType().GetProperty("StrictModeVersion", Hidden)?.GetMethod?.CreateDelegate<Func<Version?>>(global);
        var moved = session.InvokeCommand.GetType().GetProperty("LocationChangedAction")?.GetMethod?.CreateDelegate<Func<object?>>(session.InvokeCommand);
        var transcripts = Get(Get(runspace, "TranscriptionData"), "Transcripts") as ICollection;
        var remote = Get(Get(runspace, "RunspaceRepository"), "Dictionary") as ICollection;
        return context is not null && debugging is not null && strict is not null && moved is not null && transcripts is not null && remote is not null && Get(engine, "ModuleTable") is IDictionary modules
            ? new SessionSettings(session, context, debugging, strict, moved, [transcripts, remote, session.Applications, session.Scripts], modules)
            : null;
    }

    public bool HaveChanged()
    {
        if (_session.LanguageMode != _languageMode || DebuggingMode != _debuggingMode || !ReferenceEquals(_strictMode(), _strictVersion) || _moved() is not null) return true;
        for (var i = 0; i < _counted.Length; i++)
            if (_counted[i].Count != _counts[i]) return true;
        foreach (var module in _known)
            if (!_modules.Contains(module)) return true;
        // What a handler imported stays for the next one.
        if (_modules.Count != _known.Length) _known = [.. _modules.Keys.Cast<string>()];
        return false;
    }

    private static object? Get(object? owner, string property) => owner?.GetType().GetProperty(property, Hidden)?.GetValue(owner);
}
