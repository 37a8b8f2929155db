using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly List<object?> _values = [];
    private int _count;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter StandardDeviation { get; set; }

    [Parameter]
    public SwitchParameter AllStats { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;

        if (Property is null)
        {
            _count++;
            _values.Add(InputObject.BaseObject);
        }
        else if (InputObject.Properties[Property]?.Value is { } value)
        {
            _count++;
            _values.Add(value is PSObject wrapped ? wrapped.BaseObject : value);
        }
    }

    protected override void EndProcessing()
    {
        if (_count == 0 && Property is not null)
        {
            WriteError(new ErrorRecord(
                new PSArgumentException($"The property \"{Property}\" cannot be found in the input for any objects."),
                "GenericMeasurePropertyNotFound", ErrorCategory.InvalidArgument, null));
            return;
        }

        var numbers = AllStats || Sum || Average || StandardDeviation ? Numbers() : [];
        var ordered = Comparer<object?>.Create((a, b) => ValueComparer.Compare(a, b, caseSensitive: false, CultureInfo.CurrentCulture));
        WriteObject(new GenericMeasureInfo
        {
            Count = _count,
            Property = Property,
            Sum = (AllStats || Sum) && _count > 0 ? numbers.Sum() : null,
            Average = (AllStats || Average) && numbers.Count > 0 ? numbers.Average() : null,
            StandardDeviation = AllStats || StandardDeviation ? Deviation(numbers) : null,
            Maximum = AllStats || Maximum ? AsNumber(_values.Max(ordered)) : null,
            Minimum = AllStats || Minimum ? AsNumber(_values.Min(ordered)) : null,
        });
    }

    // Numbers of all kinds come out as doubles, as they do of the original; other values as they are.
    private static object? AsNumber(object? value) =>
        value is IConvertible and not string and not DateTime and not bool and not char and not Enum
            ? Convert.ToDouble(value, CultureInfo.InvariantCulture)
            : value;

    private static double? Deviation(List<double> numbers)
    {
        if (numbers.Count < 2)
            return numbers.Count == 1 ? 0 : null;
        var mean = numbers.Average();
        return Math.Sqrt(numbers.Sum(n => (n - mean) * (n - mean)) / (numbers.Count - 1));
    }

    private List<double> Numbers()
    {
        var numbers = new List<double>();
        foreach (var value in _values)
        {
            if (LanguagePrimitives.TryConvertTo<double>(value, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
            else
                WriteError(new ErrorRecord(
                    new PSArgumentException($"Input object \"{value}\" is not numeric."), "NonNumericInputObject", ErrorCategory.InvalidType, value));
        }

        return numbers;
    }
}

public abstract class MeasureInfo
{
    public string? Property { get; init; }
}

public sealed class GenericMeasureInfo : MeasureInfo
{
    public int Count { get; init; }

    public double? Average { get; init; }

    public double? Sum { get; init; }

    public object? Maximum { get; init; }

    public object? Minimum { get; init; }

    public double? StandardDeviation { get; init; }
}
