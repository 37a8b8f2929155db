using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _input = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    public SwitchParameter Stable { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Top { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Bottom { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            _input.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        var properties = Commands.Property.Read(Property, "descending", "ascending");
        var keyed = _input.Select(item => (Item: item, Keys: properties.Count == 0 ? [item] : properties.Select(p => p.ValueOf(item)).ToArray()));
        var order = Comparer<object?[]>.Create((left, right) => Compare(left, right, properties));
        var sorted = keyed.OrderBy(pair => pair.Keys, order).ToList();
        if (Unique)
            sorted = [.. sorted.Where((pair, i) => i == 0 || order.Compare(sorted[i - 1].Keys, pair.Keys) != 0)];

        var wanted = Top is { } top ? sorted.Take(top) : Bottom is { } bottom ? sorted.TakeLast(bottom) : sorted;
        foreach (var (item, _) in wanted)
            WriteObject(item);
    }

    private int Compare(object?[] left, object?[] right, List<Property> properties)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var result = ValueComparer.Compare(left[i], right[i], CaseSensitive, CultureInfo.CurrentCulture);
            if (result != 0)
                return properties.ElementAtOrDefault(i)?.Descending ?? Descending ? -result : result;
        }

        return 0;
    }
}
