using System.Globalization;
using System.Management.Automation;

namespace Jobs.PowerShell.Binding;

/// <summary>
/// Takes times as users write them. PowerShell alone would lose the zone of a <see cref="DateTimeOffset"/>, take a number for ticks since the year 1,
/// and a clock time for today's.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstantAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a clock time alone is the last such time rather than the next one.</summary>
    public bool IsPast { get; set; }

    /// <summary>Whether an empty text is no time, as in the cell of a table that says nothing, rather than an error.</summary>
    public bool EmptyIsNone { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var lies = IsPast ? -1 : 1;
        return value switch
        {
            null or DateTime => value,
            "" when EmptyIsNone => null,
            DateTimeOffset time => time.UtcDateTime,
            DateOnly day => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Local),
            TimeOnly clock => Instant.OfClock(clock, DateTime.Now, lies),
            string text when Instant.Parse(text, DateTime.Now, lies, CultureInfo.CurrentCulture) is { } time => time,
            _ => throw new ArgumentTransformationMetadataException($"'{inputData}' is not a time. {Instant.Forms}"),
        };
    }
}
