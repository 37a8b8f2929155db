using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>What a handler takes from the session that registers it and will not find in a worker: variables that it reads and never sets, and functions.</summary>
internal static class ForeignNames
{
    private static readonly Lazy<InitialSessionState> s_everyone = new(InitialSessionState.CreateDefault2);

    /// <summary>Variables that PowerShell sets by itself, beside those of every session.</summary>
    private static readonly HashSet<string> s_automatic = new(
        ["_", "PSItem", "args", "input", "this", "true", "false", "null", "MyInvocation", "PSBoundParameters", "PSCmdlet", "PSScriptRoot", "PSCommandPath", "Matches", "LASTEXITCODE", "Error", "foreach", "switch",
            "StackTrace", "ExecutionContext", "Host", "HOME", "PID", "PWD", "PSHOME", "PSVersionTable", "PSEdition", "PSCulture", "PSUICulture", "ShellId", "Event", "EventArgs", "EventSubscriber", "Sender", "NestedPromptLevel",
            "IsWindows", "IsLinux", "IsMacOS", "IsCoreCLR", "PROFILE", "PSStyle", "PSSenderInfo", "EnabledExperimentalFeatures", "?", "^", "$", "JobContext"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_setters = new(["Set-Variable", "sv", "New-Variable", "nv"], StringComparer.OrdinalIgnoreCase);
    private static readonly string[] s_variableParameters = ["OutVariable", "ErrorVariable", "WarningVariable", "InformationVariable", "PipelineVariable", "SessionVariable", "ResponseHeadersVariable", "StatusCodeVariable", "Variable"];

    /// <summary>What a warning tells of each kind; empty when there is nothing to tell.</summary>
    public static IEnumerable<string> Warnings(ScriptHandler handler, SessionState session)
    {
        if (handler.Source is not { } source) yield break;
        var script = source.Parse();
        var calls = script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().ToList();
        // What another script brings is not known.
        if (calls.Exists(call => call.InvocationOperator == TokenKind.Dot)) yield break;
        if (Variables(script, calls, session).ToList() is { Count: > 0 } variables)
            yield return $"The handler of job type '{handler.Name}' reads {List(variables, "$")}, which this session has and workers have not. Write {List(variables, "$using:")}, or pass {(variables.Count == 1 ? "it" : "them")} as data.";
        if (Functions(script, calls, session).ToList() is { Count: > 0 } functions)
            yield return $"The handler of job type '{handler.Name}' calls {List(functions, "")}, which only this session has. Put {(functions.Count == 1 ? "it" : "them")} into a module (-ImportModule), into the handler, or into the -InitializationScript of the pool.";
    }

    private static IEnumerable<string> Variables(ScriptBlockAst script, List<CommandAst> calls, SessionState session)
    {
        var set = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var ast in script.FindAll(ast => ast is AssignmentStatementAst or ForEachStatementAst or ParameterAst or DataStatementAst or CommandAst, searchNestedScriptBlocks: true))
        {
            switch (ast)
            {
                case AssignmentStatementAst assignment:
                    set.UnionWith(assignment.Left.FindAll(left => left is VariableExpressionAst, searchNestedScriptBlocks: false).Select(left => NameOf((VariableExpressionAst)left)));
                    break;
                case ForEachStatementAst each:
                    set.Add(NameOf(each.Variable));
                    break;
                case ParameterAst parameter:
                    set.Add(NameOf(parameter.Name));
                    break;
                case DataStatementAst { Variable: { } name }:
                    set.Add(name);
                    break;
            }
        }
        foreach (var call in calls) set.UnionWith(SetBy(call));
        return script.FindAll(ast => ast is VariableExpressionAst { Parent: not UsingExpressionAst }, searchNestedScriptBlocks: true).Cast<VariableExpressionAst>()
            .Where(variable => variable.VariablePath is { IsVariable: true, IsPrivate: false })
            .Select(NameOf)
            .Where(name => !set.Contains(name) && !s_automatic.Contains(name) && !name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase) && s_everyone.Value.Variables[name].Count == 0
                && session.PSVariable.Get(name) is { Options: var options } && (options & (ScopedItemOptions.Constant | ScopedItemOptions.AllScope)) == 0)
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Functions(ScriptBlockAst script, List<CommandAst> calls, SessionState session)
    {
        var own = script.FindAll(ast => ast is FunctionDefinitionAst, searchNestedScriptBlocks: true).Select(ast => ((FunctionDefinitionAst)ast).Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return calls.Select(call => call.GetCommandName()).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !own.Contains(name) && !WildcardPattern.ContainsWildcardCharacters(name)
                && session.InvokeCommand.GetCommand(name, CommandTypes.Function | CommandTypes.Filter) is FunctionInfo { Module: null } function
                && !s_everyone.Value.Commands[function.Name].Any(entry => entry is SessionStateFunctionEntry));
    }

    /// <summary>The variables that a command sets by name.</summary>
    private static IEnumerable<string> SetBy(CommandAst call)
    {
        var sets = s_setters.Contains(call.GetCommandName() ?? "");
        for (var i = 1; i < call.CommandElements.Count; i++)
        {
            if (call.CommandElements[i] is CommandParameterAst parameter && s_variableParameters.Any(name => name.StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase)))
            {
                if ((parameter.Argument ?? (i + 1 < call.CommandElements.Count ? call.CommandElements[i + 1] : null)) is StringConstantExpressionAst name) yield return name.Value.TrimStart('+');
            }
            else if (sets && call.CommandElements[i] is StringConstantExpressionAst text)
            {
                yield return text.Value;
            }
        }
    }

    private static string NameOf(VariableExpressionAst variable) => variable.VariablePath.UserPath[(variable.VariablePath.UserPath.LastIndexOf(':') + 1)..];

    private static string List(List<string> names, string prefix) => Formatting.CronWords.Join(names.Select(name => prefix + name));
}
