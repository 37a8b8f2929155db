using System.Collections;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>A -Property argument: a name (wildcards allowed), a script block, or a hashtable that says more.</summary>
internal sealed class Property
{
    private readonly PSPropertyExpression _expression;

    private Property(PSPropertyExpression expression, string? label, bool? descending)
    {
        _expression = expression;
        Label = label;
        Descending = descending;
    }

    public string? Label { get; }

    public bool? Descending { get; }

    /// <summary>Reads arguments; a hashtable may have an expression and the keys given, which may be abbreviated.</summary>
    public static List<Property> Read(object[]? arguments, params string[] keys) =>
        [.. (arguments ?? []).Select(argument => Of(argument is PSObject wrapped ? wrapped.BaseObject : argument, keys))];

    /// <summary>The properties of an object that this names, each with its value or the exception it threw.</summary>
    public IEnumerable<(string Name, object? Value, Exception? Error)> Of(PSObject target)
    {
        foreach (var resolved in _expression.Script is null ? _expression.ResolveNames(target) : [_expression])
        {
            var results = resolved.GetValues(target);
            var (value, error) = results.Count > 0 ? (results[0].Result, results[0].Exception) : (null, null);
            yield return (Label ?? resolved.ToString(), value, error);
        }
    }

    public bool IsWildcard => _expression.HasWildCardCharacters;

    /// <summary>The name as it was written, for an object that has no such property; null for wildcards.</summary>
    public string? PlainName => Label ?? (IsWildcard ? null : _expression.ToString());

    /// <summary>The one value of an object; null where it has none.</summary>
    public object? ValueOf(PSObject target) => Of(target).Select(p => p.Value).FirstOrDefault();

    private static Property Of(object argument, string[] keys)
    {
        if (argument is not IDictionary table)
            return new Property(Expression(argument), null, null);

        object? expression = null;
        string? label = null;
        bool? descending = null;
        foreach (DictionaryEntry entry in table)
        {
            var key = entry.Key.ToString()!;
            var value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            switch (keys.Append("expression").FirstOrDefault(known => known.StartsWith(key, StringComparison.OrdinalIgnoreCase)))
            {
                case "expression":
                    expression = value;
                    break;
                case "name" or "label":
                    label = value?.ToString();
                    break;
                case "descending":
                    descending = LanguagePrimitives.IsTrue(value);
                    break;
                case "ascending":
                    descending = !LanguagePrimitives.IsTrue(value);
                    break;
                default:
                    throw new ArgumentException($"The {key} key is not valid.");
            }
        }

        return new Property(Expression(expression ?? throw new ArgumentException("The expression key is missing.")), label, descending);
    }

    private static PSPropertyExpression Expression(object argument) =>
        argument is ScriptBlock script ? new PSPropertyExpression(script) : new PSPropertyExpression(argument.ToString());
}
