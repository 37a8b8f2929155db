using System.Globalization;
using System.Management.Automation.Language;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jobs.PowerShell.Schedules;

/// <summary>What JSON can say, as the literals of a PowerShell data file. It is read from its syntax, and nothing of it is run; members keep their order.</summary>
internal static class DataFile
{
    /// <exception cref="FormatException">What stands there is no literal, with its place.</exception>
    public static JsonNode? Parse(string text, string path)
    {
        var script = Parser.ParseInput(text, path, out _, out var errors);
        if (errors is [var error, ..]) throw At(error.Extent, error.Message);
        if (script is not { ParamBlock: null, BeginBlock: null, ProcessBlock: null, EndBlock.Statements: [var only] }) throw At(script.Extent, "one hashtable is expected, and nothing else");
        return Value(only);
    }

    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, "");
        return text.Append(Environment.NewLine).ToString();
    }

    private static JsonNode? Value(StatementAst statement) =>
        statement is PipelineAst { PipelineElements: [CommandExpressionAst { Redirections.Count: 0, Expression: var expression }] } ? Value(expression) : throw NoLiteral(statement);

    private static JsonNode? Value(ExpressionAst expression)
    {
        switch (expression)
        {
            case HashtableAst table:
                var members = new JsonObject();
                foreach (var (key, value) in table.KeyValuePairs)
                {
                    var name = (key as StringConstantExpressionAst)?.Value ?? (key is ConstantExpressionAst ? key.Extent.Text : throw NoLiteral(key));
                    members.Add(name, Value(value));
                }
                return members;
            case ArrayExpressionAst list:
                // @(1, 2) holds one statement, and an array of several lines one for each.
                var statements = list.SubExpression.Statements;
                return statements is [PipelineAst { PipelineElements: [CommandExpressionAst { Expression: ArrayLiteralAst inner }] }] ? Value(inner) : new JsonArray([.. statements.Select(Value)]);
            case ArrayLiteralAst array:
                return new JsonArray([.. array.Elements.Select(Value)]);
            case ParenExpressionAst paren:
                return Value((StatementAst)paren.Pipeline);
            case StringConstantExpressionAst { StringConstantType: not StringConstantType.BareWord } constant:
                return JsonValue.Create(constant.Value);
            case VariableExpressionAst variable:
                return variable.VariablePath.UserPath.ToUpperInvariant() switch { "TRUE" => true, "FALSE" => false, "NULL" => null, _ => throw NoLiteral(variable) };
            case ConstantExpressionAst or UnaryExpressionAst { Child: ConstantExpressionAst }:
                return Number(expression);
            default:
                throw NoLiteral(expression);
        }
    }

    // As it was written where JSON writes it so too: 1.0 is not 1.
    private static JsonNode Number(ExpressionAst expression)
    {
        try
        {
            return JsonNode.Parse(expression.Extent.Text)!;
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToNode(expression.SafeGetValue())!;
        }
    }

    private static void Append(StringBuilder text, JsonNode? node, string indent)
    {
        var deeper = indent + "    ";
        switch (node)
        {
            case null:
                text.Append("$null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("@{}");
                break;
            case JsonObject members:
                text.Append("@{").Append(Environment.NewLine);
                foreach (var (name, value) in members)
                {
                    text.Append(deeper).Append(IsWord(name) ? name : Quoted(name)).Append(" = ");
                    Append(text, value, deeper);
                    text.Append(Environment.NewLine);
                }
                text.Append(indent).Append('}');
                break;
            case JsonArray items:
                text.Append("@(");
                for (var i = 0; i < items.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    // An array in an array of one would be taken for it.
                    if (items[i] is JsonArray && items.Count == 1) text.Append(", ");
                    Append(text, items[i], deeper);
                }
                text.Append(')');
                break;
            default:
                text.Append(node.GetValueKind() switch
                {
                    JsonValueKind.True => "$true",
                    JsonValueKind.False => "$false",
                    JsonValueKind.String => Quoted(node.GetValue<string>()),
                    _ => node.ToJsonString(),
                });
                break;
        }
    }

    private static bool IsWord(string name) => name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);

    private static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    private static FormatException NoLiteral(Ast ast) => At(ast.Extent, $"'{ast.Extent.Text}' is none of the values that can stand there: texts in single or double quotes, numbers, $true, $false, $null, @( ) and @{{ }}");

    private static FormatException At(IScriptExtent extent, string message) => new(string.Create(CultureInfo.InvariantCulture, $"line {extent.StartLineNumber}: {message}"));
}
