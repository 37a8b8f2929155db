using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Jobs.Core;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>A handler made ready for one runspace, once.</summary>
internal sealed class CompiledHandler
{
    /// <summary>What the pump runs for a job that can't be called directly: the handler, its positional arguments, its named ones. PowerShell keeps it compiled.</summary>
    private const string Call = "param($jobHandler, $jobPositional, $jobNamed) & $jobHandler @jobPositional @jobNamed";

    /// <summary>The same for a script that has a <c>process</c> block and no parameters: it can only want its data from the pipeline.</summary>
    private const string PipedCall = "param($jobHandler, $jobPositional, $jobNamed) , $jobPositional[0] | & $jobHandler @jobNamed";

    /// <summary>The same in the caller's scope, where it leaves <see cref="CallVariables"/>.</summary>
    private const string DotCall = "param($jobHandler, $jobPositional, $jobNamed) . $jobHandler @jobPositional @jobNamed";

    /// <summary>The same within a module: what the caller's scopes hold is out of sight.</summary>
    private const string ModuleCall = "param($jobHandler, $jobPositional, $jobNamed, $jobModule) & $jobModule $jobHandler @jobPositional @jobNamed";

    /// <inheritdoc cref="ModuleCall"/>
    private const string PipedModuleCall = "param($jobHandler, $jobPositional, $jobNamed, $jobModule) , $jobPositional[0] | & $jobModule $jobHandler @jobNamed";

    public static readonly string[] CallVariables = ["jobHandler", "jobPositional", "jobNamed"];

    /// <summary>Variables in which a script sees how it was called.</summary>
    private static readonly HashSet<string> s_ownCall = new(["MyInvocation", "input", "PSCmdlet"], StringComparer.OrdinalIgnoreCase);
    private static readonly object?[] s_nothing = [];
    private static readonly Hashtable s_unnamed = [];

    private readonly object _target;
    private readonly (string Name, Type Type)[]? _plain;

    /// <param name="handler">The handler.</param>
    /// <param name="mayBeDirect">Whether it may be called with no script around it, where that is the same.</param>
    public CompiledHandler(ScriptHandler handler, bool mayBeDirect = true)
    {
        Handler = handler;
        var ast = handler.Source?.Parse();
        _target = ast is null ? handler.Command! : ast.GetScriptBlock();
        if (mayBeDirect && DirectCall.IsAvailable && ast is not null && handler.Using.IsEmpty && IsPlain(ast))
            _plain = [.. (ast.ParamBlock?.Parameters ?? []).Select(parameter => (parameter.Name.VariablePath.UserPath, parameter.StaticType))];
    }

    public ScriptHandler Handler { get; }

    /// <summary>The call for a job, and what <c>$_</c> is.</summary>
    /// <exception cref="HandlerException">InvalidData.</exception>
    public HandlerCall CallFor(ScheduledJob job, out object? data)
    {
        data = job.Data is null ? null : JsonData.Deserialize(job.Data);
        if (job.DataIsParameters)
        {
            if (data is not null and not IDictionary) throw new HandlerException("InvalidData", ErrorCategory.InvalidData, "The job's data is no object, though it is to be the handler's parameters.");
            return CallWith(s_nothing, data as IDictionary);
        }
        return CallWith(job.Data is not null && Handler.TakesArgument ? [data] : s_nothing, null);
    }

    /// <summary>Runs the handler to its end in the caller's scope, without data; leaves <see cref="CallVariables"/> there.</summary>
    public void Dot(PSCmdlet pump) =>
        pump.InvokeCommand.InvokeScript(DotCall, false, PipelineResultTypes.Output | PipelineResultTypes.Error, null, ByScript(s_nothing, null)!);

    /// <summary>Runs the handler to its end in the pump's pipeline, in a scope of its own.</summary>
    public void Run(PSCmdlet pump, HandlerCall call)
    {
        if (call.IsDirect)
            DirectCall.Run(pump, (ScriptBlock)_target, call.Arguments);
        else
            pump.InvokeCommand.InvokeScript(IsPiped(call) ? PipedCall : Call, true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, call.Arguments!);
    }

    /// <summary>Runs the handler to its end in a cmdlet's pipeline, within a module. The call is none that <see cref="HandlerCall.IsDirect"/>.</summary>
    public void Run(PSCmdlet cmdlet, HandlerCall call, PSModuleInfo module) =>
        cmdlet.InvokeCommand.InvokeScript(IsPiped(call) ? PipedModuleCall : ModuleCall, true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, [.. call.Arguments, module]);

    private bool IsPiped(HandlerCall call) => Handler.TakesPipeline && call.Arguments[1] is object?[] { Length: 1 };

    private HandlerCall CallWith(object?[] positional, IDictionary? named) =>
        Directly(positional, named) is { } arguments ? new HandlerCall(arguments, true) : new HandlerCall(ByScript(positional, named), false);

    /// <summary>The arguments of <see cref="Call"/>.</summary>
    private object?[] ByScript(object?[] positional, IDictionary? members)
    {
        var named = s_unnamed;
        if (members is not null || !Handler.Using.IsEmpty) named = new Hashtable(StringComparer.OrdinalIgnoreCase);
        if (members is not null)
            foreach (DictionaryEntry member in members) named[member.Key] = member.Value;
        if (!Handler.Using.IsEmpty) named["-%"] = Handler.Using.ForRun();
        return [_target, positional, named];
    }

    /// <summary>The arguments in the order of the parameters, where nothing is left for a binder to do; else null.</summary>
    private object?[]? Directly(object?[] positional, IDictionary? named)
    {
        if (_plain is null) return null;
        var arguments = named is null ? positional : new object?[named.Count];
        if (named is not null && arguments.Length > _plain.Length) return null;
        for (var i = 0; i < _plain.Length; i++)
        {
            var (name, type) = _plain[i];
            if (i >= arguments.Length)
            {
                if (type != typeof(object)) return null;
                continue;
            }
            if (named is not null)
            {
                if (!named.Contains(name)) return null;
                arguments[i] = named[name];
            }
            if (type != typeof(object) && arguments[i]?.GetType() != type) return null;
        }
        return arguments;
    }

    /// <summary>
    /// Whether a call without a command is the same: the script is one block, its parameters have at most a type, and it does not ask how it was called.
    /// </summary>
    private static bool IsPlain(ScriptBlockAst ast) =>
        ast is { DynamicParamBlock: null, EndBlock.Unnamed: true } // with named blocks there is none without a name
        && (ast.ParamBlock is null || ast.ParamBlock.Attributes.Count == 0 && ast.ParamBlock.Parameters.All(parameter => parameter.Attributes.All(attribute => attribute is TypeConstraintAst)))
        && ast.Find(node => node is VariableExpressionAst { VariablePath.UserPath: var name } && s_ownCall.Contains(name), searchNestedScriptBlocks: true) is null;
}

/// <summary>A call of a handler.</summary>
/// <param name="Arguments">The handler's own when it is called directly, else those of the script that calls it.</param>
/// <param name="IsDirect">Whether no script stands around it, whose frame its stack trace would end with.</param>
internal sealed record HandlerCall(object?[] Arguments, bool IsDirect);
