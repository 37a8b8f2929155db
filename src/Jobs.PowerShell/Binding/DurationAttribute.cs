using System.Management.Automation;

namespace Jobs.PowerShell.Binding;

/// <summary>Takes durations as users write them; PowerShell alone would take a number for ticks of 100 ns, and the text 90 for days.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether an empty text is no duration, as in the cell of a table that says nothing, rather than an error.</summary>
    public bool EmptyIsNone { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or TimeSpan) return value;
        if (value is "" && EmptyIsNone) return null;
        // PowerShell reads a bare 1d as the [decimal] 1; what was typed says a day.
        if (value is decimal && inputData is PSObject && inputData.ToString() is { Length: > 1 } typed && typed[^1] is 'd' or 'D') value = typed;
        try
        {
            return (value is string text ? Duration.Parse(text) : Duration.OfSeconds(value))
                ?? throw new ArgumentTransformationMetadataException($"'{inputData}' is not a duration. {Duration.Forms}");
        }
        catch (OverflowException e)
        {
            throw new ArgumentTransformationMetadataException($"'{inputData}' is not a duration: the longest is {TimeSpan.MaxValue.Days:N0} days. {Duration.Forms}", e);
        }
    }
}
