using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// What a runspace has beside its tables and can't be set back by anyone but a new one: language mode, breakpoints and tracing, strict mode of the global scope,
/// the hook of changed locations, transcripts, remote sessions, permitted programs and scripts, and modules that are gone. Looking takes a fraction of a microsecond.
/// </summary>
internal sealed class SessionSettings
{
    private readonly SessionState _session;
    private readonly Func<int> _debugging;
    private readonly Func<Version?> _strictMode;
    private readonly Func<object?> _moved;
    private readonly ICollection[] _counted;
    private readonly int[] _counts;
    private readonly Dictionary<string, PSModuleInfo> _modules;
    private readonly PSLanguageMode _languageMode;
    private readonly int _debuggingMode;
    private readonly Version? _strictVersion;
    private KeyValuePair<string, PSModuleInfo>[] _known;

    private SessionSettings(SessionState session, Func<int> debugging, Func<Version?> strictMode, Func<object?> moved, ICollection[] counted, Dictionary<string, PSModuleInfo> modules)
    {
        (_session, _debugging, _strictMode, _moved, _counted, _modules) = (session, debugging, strictMode, moved, counted, modules);
        _languageMode = session.LanguageMode;
        _debuggingMode = debugging();
        _strictVersion = strictMode();
        _counts = [.. counted.Select(collection => collection.Count)];
        _known = [.. modules];
    }

    /// <summary>Null where this PowerShell keeps them otherwise.</summary>
    public static SessionSettings? Of(SessionState session, Runspace runspace)
    {
        return EngineInternals.DebuggingMode(session) is { } debugging && EngineInternals.StrictMode(session) is { } strict && EngineInternals.LocationChanged(session.InvokeCommand) is { } moved
            && EngineInternals.Transcripts(runspace) is { } transcripts && EngineInternals.RemoteSessions(runspace) is { } remote && EngineInternals.Modules(session) is { } modules
            ? new SessionSettings(session, debugging, strict, moved, [transcripts, remote, session.Applications, session.Scripts], modules)
            : null;
    }

    public bool HaveChanged()
    {
        if (_session.LanguageMode != _languageMode || _debugging() != _debuggingMode || !ReferenceEquals(_strictMode(), _strictVersion) || _moved() is not null) return true;
        for (var i = 0; i < _counted.Length; i++)
            if (_counted[i].Count != _counts[i]) return true;
        return !AreKnown() && HasLostModule();
    }

    /// <summary>Whether the table of modules is as it was: one walk without a lookup.</summary>
    private bool AreKnown()
    {
        if (_modules.Count != _known.Length) return false;
        var i = 0;
        foreach (var module in _modules.Values)
            if (!ReferenceEquals(module, _known[i++].Value)) return false;
        return true;
    }

    private bool HasLostModule()
    {
        if (Array.Exists(_known, module => !_modules.ContainsKey(module.Key))) return true;
        // What a handler imported stays for the next one.
        _known = [.. _modules];
        return false;
    }
}
