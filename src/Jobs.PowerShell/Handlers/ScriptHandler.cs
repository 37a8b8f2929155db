using System.Management.Automation;

namespace Jobs.PowerShell.Handlers;

/// <summary>What a job type runs: the text of a script block, a file, or a command's name.</summary>
internal sealed class ScriptHandler
{
    public IReadOnlyList<string> ImportModule { get; init; } = [];

    public JobErrorPolicy ErrorPolicy { get; init; }

    public JobIsolation Isolation { get; init; }

    public required string Text { get; init; }

    public static ScriptHandler FromScriptBlock(ScriptBlock block, SessionState session, IReadOnlyList<string> importModule, JobErrorPolicy errorPolicy, JobIsolation isolation)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new ScriptHandler { Text = block.ToString(), ImportModule = importModule, ErrorPolicy = errorPolicy, Isolation = isolation };
    }

    public static ScriptHandler FromFile(string path, IReadOnlyList<string> importModule, JobErrorPolicy errorPolicy, JobIsolation isolation) =>
        new() { Text = File.ReadAllText(path), ImportModule = importModule, ErrorPolicy = errorPolicy, Isolation = isolation };

    public static ScriptHandler FromCommand(string name, SessionState session, IReadOnlyList<string> importModule, JobErrorPolicy errorPolicy, JobIsolation isolation)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new ScriptHandler { Text = name, ImportModule = importModule, ErrorPolicy = errorPolicy, Isolation = isolation };
    }

    public RuntimeDefinedParameterDictionary GetDynamicParameters() => Text.Length == 0 ? throw new InvalidOperationException() : [];
}
