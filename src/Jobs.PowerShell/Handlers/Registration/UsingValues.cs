using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>
/// What the <c>$using:</c> expressions of a script stood for when it was registered, by value. PowerShell itself looks them up when the
/// script runs: they go with the call as the parameter <c>--%</c>, under the keys that its remoting protocol has for them.
/// </summary>
internal sealed class UsingValues
{
    private readonly Dictionary<string, object?> _values;
    private readonly bool _shared;

    private UsingValues(Dictionary<string, object?> values)
    {
        _values = values;
        _shared = values.Values.All(CapturedValue.CanBeShared);
    }

    public static UsingValues None { get; } = new([]);

    public bool IsEmpty => _values.Count == 0;

    /// <summary>The values under their keys, to go to another process.</summary>
    public Hashtable ToTable() => new(_values, StringComparer.Ordinal);

    /// <summary>What <see cref="ToTable"/> gave, in that process.</summary>
    public static UsingValues FromTable(IDictionary? table)
    {
        if (table is null or { Count: 0 }) return None;
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table) values[LanguagePrimitives.ConvertTo<string>(entry.Key)] = entry.Value;
        return new UsingValues(values);
    }

    /// <summary>A table for one run: a handler that changes a captured object changes its own copy.</summary>
    public Hashtable ForRun()
    {
        var table = new Hashtable(_values.Count, StringComparer.Ordinal);
        foreach (var (key, value) in _values) table[key] = _shared ? value : CapturedValue.Copy(value);
        return table;
    }

    /// <summary>Captures from the caller's session.</summary>
    /// <exception cref="HandlerException">UsingVariableNotSet, UsingValueNotSupported.</exception>
    public static UsingValues Capture(ScriptBlockAst script, SessionState session)
    {
        var found = script.FindAll(ast => ast is UsingExpressionAst && !BelongsToInnerCommand(ast, script), searchNestedScriptBlocks: true);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var expression in found.Cast<UsingExpressionAst>())
        {
            var key = Key(expression);
            if (values.ContainsKey(key)) continue;
            values[key] = CapturedValue.Take(Evaluate(expression.SubExpression, expression, session), expression.Extent.Text);
        }
        return values.Count == 0 ? None : new UsingValues(values);
    }

    private static object? Evaluate(ExpressionAst expression, UsingExpressionAst whole, SessionState session) => expression switch
    {
        VariableExpressionAst variable => Variable(variable.VariablePath, whole, session),
        MemberExpressionAst { Static: false, Member: StringConstantExpressionAst name } and not InvokeMemberExpressionAst =>
            Member(Evaluate(((MemberExpressionAst)expression).Expression, whole, session), name.Value),
        IndexExpressionAst index => Element(Evaluate(index.Target, whole, session), Index(index.Index, whole, session)),
        ConstantExpressionAst constant => constant.Value,
        _ => throw NotSupported(whole.Extent.Text, "only variables, their members and their elements can be captured"),
    };

    private static object? Index(ExpressionAst index, UsingExpressionAst whole, SessionState session) => index switch
    {
        UnaryExpressionAst or ConstantExpressionAst => index.SafeGetValue(),
        _ => Evaluate(index, whole, session),
    };

    private static object? Variable(VariablePath path, UsingExpressionAst whole, SessionState session)
    {
        var name = path.UserPath;
        if (path.IsDriveQualified) return session.PSVariable.GetValue(name) ?? throw NotSet(whole, name);
        return (session.PSVariable.Get(name) ?? throw NotSet(whole, name)).Value;
    }

    private static HandlerException NotSet(UsingExpressionAst whole, string name) => new("UsingVariableNotSet", ErrorCategory.ObjectNotFound,
        $"The handler uses {whole.Extent.Text}, but ${name} is not set here. Set it before the type is registered.", name);

    private static object? Member(object? target, string name)
    {
        if (target is null) return null;
        var value = (target as PSObject)?.BaseObject ?? target;
        if (value is IDictionary table && table.Contains(name)) return table[name];
        return PSObject.AsPSObject(target).Properties[name]?.Value;
    }

    private static object? Element(object? target, object? index)
    {
        var value = (target as PSObject)?.BaseObject ?? target;
        if (value is IDictionary table) return index is null ? null : table[index];
        if (!LanguagePrimitives.TryConvertTo<int>(index, out var at)) return null;
        return value switch
        {
            IList list => (at = at < 0 ? list.Count + at : at) >= 0 && at < list.Count ? list[at] : null,
            string text => (at = at < 0 ? text.Length + at : at) >= 0 && at < text.Length ? text[at] : null,
            _ => null,
        };
    }

    /// <summary>
    /// A <c>$using:</c> in a block that the handler hands to Start-Job, Invoke-Command or ForEach-Object -Parallel means the handler's own variable.
    /// </summary>
    private static bool BelongsToInnerCommand(Ast ast, ScriptBlockAst script)
    {
        for (var outer = ast.Parent; outer is not null && outer != script; outer = outer.Parent)
        {
            if (outer is not ScriptBlockExpressionAst { Parent: CommandAst or CommandParameterAst } block) continue;
            var command = block.Parent as CommandAst ?? (CommandAst)block.Parent.Parent;
            var name = command.GetCommandName();
            if (name is null) continue;
            name = name[(name.LastIndexOf('\\') + 1)..];
            if (s_remote.Contains(name)) return true;
            if (s_each.Contains(name) && command.CommandElements.OfType<CommandParameterAst>().Any(parameter => parameter.ParameterName.StartsWith("pa", StringComparison.OrdinalIgnoreCase))) return true;
        }
        return false;
    }

    private static readonly HashSet<string> s_remote = new(["Invoke-Command", "icm", "Start-Job", "sajb", "Start-ThreadJob", "Register-JobType"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> s_each = new(["ForEach-Object", "foreach", "%"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The remoting protocol's: the expression's text in base 64, in lower case where it is a variable alone.</summary>
    private static string Key(UsingExpressionAst expression)
    {
        var text = expression.ToString();
        if (expression.SubExpression is VariableExpressionAst) text = text.ToLowerInvariant();
        return Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
    }

    internal static HandlerException NotSupported(string expression, string why) => new("UsingValueNotSupported", ErrorCategory.InvalidType,
        $"The handler uses {expression}, which can't be captured: {why}.", expression);
}
