using System.Management.Automation;

namespace Jobs.PowerShell.Handlers;

/// <summary>What a registered type runs.</summary>
internal sealed class ScriptHandler
{
    private ScriptHandler(string name, string text, HandlerOptions? options) => (Name, Text, Options) = (name, text, options ?? HandlerOptions.Default);

    public string Name { get; }

    public string Text { get; }

    public HandlerOptions Options { get; }

    public static ScriptHandler FromScriptBlock(string name, ScriptBlock block, SessionState session, HandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new ScriptHandler(name, block.ToString(), options);
    }

    public static ScriptHandler FromFile(string name, string path, SessionState session, HandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new ScriptHandler(name, File.ReadAllText(path), options);
    }

    public static ScriptHandler FromCommand(string name, string command, PSCmdlet caller, HandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new ScriptHandler(name, command, options);
    }

    public RuntimeDefinedParameterDictionary GetDynamicParameters()
    {
        _ = Text;
        return [];
    }
}
