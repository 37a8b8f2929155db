using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Jobs.PowerShell.Handlers.Streams;

/// <summary>
/// What Format-Table and its like put out, as the lines that a console would show: the objects themselves are the engine's own drawing orders, of use to nobody
/// later. They go through Out-String one by one, so that a long table is never kept whole.
/// </summary>
internal sealed partial class FormattedText : IDisposable
{
    private const int Width = 120;

    private static readonly Type? s_order = typeof(PSObject).Assembly.GetType("Microsoft.PowerShell.Commands.Internal.Format.FormatInfoData");

    private readonly SteppablePipeline _text;

    public FormattedText()
    {
        _text = ScriptBlock.Create($"Out-String -Stream -Width {Width}").GetSteppablePipeline(CommandOrigin.Internal);
        _text.Begin(true);
    }

    /// <summary>Whether an object is such an order.</summary>
    public static bool Is(object? item) => s_order?.IsInstanceOfType(item is PSObject wrapped ? wrapped.BaseObject : item) == true;

    /// <summary>Takes an order; gives the lines that are ready.</summary>
    public IEnumerable<string> Add(object? order) => Lines(_text.Process(order));

    /// <summary>Gives the last lines.</summary>
    public IEnumerable<string> End() => Lines(_text.End());

    public void Dispose() => _text.Dispose();

    private static IEnumerable<string> Lines(Array lines) => lines.Cast<object>().Select(line => Decoration.Replace(line.ToString() ?? "", ""));

    // Colours and links belong to a console.
    [GeneratedRegex("\\x1b(\\[[0-9;?]*[A-Za-z]|\\]8;[^\\x1b\\a]*(\\x1b\\\\|\\a))")]
    private static partial Regex Decoration { get; }
}
