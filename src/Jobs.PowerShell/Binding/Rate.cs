using System.Globalization;
using Jobs.Core;

namespace Jobs.PowerShell.Binding;

/// <summary>Rates as users write them: a count, a slash, and a unit of time or a duration.</summary>
internal static class Rate
{
    /// <exception cref="JobsException">ValueOutOfRange: it is none.</exception>
    public static RateLimit Parse(string text)
    {
        try
        {
            if (text.Split('/', StringSplitOptions.TrimEntries) is [var count, var window]
                && int.TryParse(count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var starts)
                && (Duration.OfUnit(window) ?? Duration.Parse(window)) is { } time)
                return new RateLimit(starts, time);
        }
        catch (OverflowException)
        {
            // As wrong as any other.
        }
        throw new JobsException(JobsError.ValueOutOfRange, $"'{text}' is not a rate. Give count/time, such as 5/s, 5/min, 100/h, 100/5m or 100/00:01:00.") { Target = text };
    }
}
