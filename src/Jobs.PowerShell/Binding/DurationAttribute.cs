using System.Management.Automation;

namespace Jobs.PowerShell.Binding;

/// <summary>Takes a plain number for seconds; PowerShell alone would take it for ticks, 100 ns each.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        double? seconds = value switch
        {
            int number => number,
            long number => number,
            double number => number,
            decimal number => (double)number,
            _ => null,
        };
        try
        {
            return seconds is { } s ? TimeSpan.FromSeconds(s) : inputData;
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw new ArgumentTransformationMetadataException($"{value} seconds is not a duration.", e);
        }
    }
}
