using System.Collections;
using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>A handler made ready for one runspace, once.</summary>
internal sealed class CompiledHandler
{
    /// <summary>What the pump runs for each job: the handler, its positional arguments, its named ones. PowerShell keeps it compiled.</summary>
    public const string Call = "param($jobHandler, $jobPositional, $jobNamed) & $jobHandler @jobPositional @jobNamed";

    /// <summary>The same for a script that has a <c>process</c> block and no parameters: it can only want its data from the pipeline.</summary>
    public const string PipedCall = "param($jobHandler, $jobPositional, $jobNamed) , $jobPositional[0] | & $jobHandler @jobNamed";

    /// <summary>The same in the caller's scope, where it leaves <see cref="CallVariables"/>.</summary>
    public const string DotCall = "param($jobHandler, $jobPositional, $jobNamed) . $jobHandler @jobPositional @jobNamed";

    public static readonly string[] CallVariables = ["jobHandler", "jobPositional", "jobNamed"];

    private static readonly object?[] s_nothing = [];
    private static readonly Hashtable s_unnamed = [];

    private readonly object _target;

    public CompiledHandler(ScriptHandler handler)
    {
        Handler = handler;
        _target = handler.Source is { } source ? source.Parse().GetScriptBlock() : handler.Command!;
    }

    public ScriptHandler Handler { get; }

    /// <summary>The script that makes the call.</summary>
    public string Script(object?[] arguments) => Handler.TakesPipeline && arguments[1] is object?[] { Length: 1 } ? PipedCall : Call;

    /// <summary>The arguments of <see cref="Call"/>, and what <c>$_</c> is.</summary>
    public object?[] Arguments(ScheduledJob job, out object? data)
    {
        data = job.Data is null ? null : JsonData.Deserialize(job.Data);
        var positional = s_nothing;
        var named = s_unnamed;
        if (job.DataIsParameters)
        {
            named = new Hashtable(StringComparer.OrdinalIgnoreCase);
            if (data is not null and not IDictionary) throw new HandlerException("InvalidData", ErrorCategory.InvalidData, "The job's data is no object, though it is to be the handler's parameters.");
            if (data is IDictionary members)
                foreach (DictionaryEntry member in members) named[member.Key] = member.Value;
        }
        else if (job.Data is not null && Handler.TakesArgument)
        {
            positional = [data];
        }
        return Arguments(positional, named);
    }

    /// <summary>The arguments of a call without data.</summary>
    public object?[] Arguments() => Arguments(s_nothing, s_unnamed);

    private object?[] Arguments(object?[] positional, Hashtable named)
    {
        if (!Handler.Using.IsEmpty)
        {
            if (ReferenceEquals(named, s_unnamed)) named = new Hashtable(1);
            named["-%"] = Handler.Using.ForRun();
        }
        return [_target, positional, named];
    }
}
