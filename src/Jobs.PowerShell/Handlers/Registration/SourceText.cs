using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>
/// A script as text, to be compiled anew in each runspace: a <see cref="ScriptBlock"/> belongs to the one it was made in. A block
/// that stands in a file is put at its line and column there, so that errors name the right place.
/// </summary>
internal sealed record SourceText(string Text, string? File)
{
    /// <summary>The text of a block or of a function's body with its parameters.</summary>
    public static SourceText Of(ScriptBlock block) => block.Ast switch
    {
        FunctionDefinitionAst function => Of(function),
        ScriptBlockAst { Extent: var extent } ast => Placed(ast, ast.Extent.File, text => text.Put(Inner(extent))),
        _ => new SourceText(block.ToString(), block.File),
    };

    /// <summary>Parses.</summary>
    /// <exception cref="HandlerException">HandlerParseError.</exception>
    public ScriptBlockAst Parse()
    {
        var ast = Parser.ParseInput(Text, File, out _, out var errors);
        if (errors is not [var first, ..]) return ast;
        var at = File is null ? $"line {first.Extent.StartLineNumber}" : $"{File}:{first.Extent.StartLineNumber}";
        throw new HandlerException("HandlerParseError", ErrorCategory.ParserError, $"The handler can't be parsed ({at}): {first.Message}", File, new ParseException(errors));
    }

    private static SourceText Of(FunctionDefinitionAst function) => Placed(function, function.Extent.File, text =>
    {
        // 'param(' is shorter than 'function x(' and so fits before the first parameter's own place.
        text.MoveTo(function.Extent.StartScriptPosition);
        if (function.Parameters is { Count: > 0 } parameters)
        {
            text.Put("param(");
            var (first, last) = (parameters[0].Extent, parameters[^1].Extent);
            var offset = first.StartOffset - function.Extent.StartOffset;
            text.Put(new Piece(first.StartScriptPosition, function.Extent.Text.Substring(offset, last.EndOffset - first.StartOffset)));
            text.Put(")");
        }
        if (function.IsFilter) text.Put(" process {");
        text.Put(Inner(function.Body.Extent));
        if (function.IsFilter) text.Put("}");
    });

    private static SourceText Placed(Ast ast, string? file, Action<PlacedText> write)
    {
        var text = new PlacedText(keepPlace: file is not null);
        // 'using namespace' at the head of the file holds for the block too.
        foreach (var statement in Root(ast).UsingStatements) text.Put(statement.Extent.Text + ";");
        write(text);
        return new SourceText(text.ToString(), file);
    }

    /// <summary>The whole script that a part stands in.</summary>
    public static ScriptBlockAst Root(Ast ast)
    {
        while (ast.Parent is not null) ast = ast.Parent;
        return ast as ScriptBlockAst ?? ((FunctionDefinitionAst)ast).Body;
    }

    /// <summary>What stands within the braces; a whole file has none.</summary>
    private static Piece Inner(IScriptExtent extent)
    {
        var text = extent.Text;
        if (text.Length < 2 || text[0] != '{' || text[^1] != '}') return new Piece(extent.StartScriptPosition, text);
        return new Piece(extent.StartScriptPosition, " " + text[1..^1]);
    }

    private sealed record Piece(IScriptPosition Start, string Text);

    private sealed class PlacedText(bool keepPlace)
    {
        private readonly StringBuilder _text = new();
        private int _line = 1;
        private int _column = 1;

        public void Put(Piece piece)
        {
            MoveTo(piece.Start);
            Put(piece.Text);
        }

        public void Put(string text)
        {
            _text.Append(text);
            foreach (var letter in text)
            {
                if (letter == '\n') (_line, _column) = (_line + 1, 1);
                else _column++;
            }
        }

        public void MoveTo(IScriptPosition position)
        {
            if (!keepPlace)
            {
                Put(" ");
                return;
            }
            if (position.LineNumber > _line) Put(new string('\n', position.LineNumber - _line));
            if (position.LineNumber == _line && position.ColumnNumber > _column) Put(new string(' ', position.ColumnNumber - _column));
        }

        public override string ToString() => _text.ToString();
    }
}
