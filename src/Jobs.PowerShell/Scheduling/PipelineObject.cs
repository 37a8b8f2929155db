using System.Globalization;
using System.Management.Automation;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Scheduling;

/// <summary>Makes an error say which of the pipeline's objects it is about: the row of a table, for one.</summary>
internal static class PipelineObject
{
    private const int MostShown = 120;

    /// <summary>The error, with the object before its message and, where there is no other, as its target.</summary>
    /// <param name="error">An error of this object alone.</param>
    /// <param name="item">The object; null where it is not known.</param>
    /// <param name="target">The target; null: the object.</param>
    public static ErrorRecord Name(ErrorRecord error, object? item, object? target = null)
    {
        if (item is null || !LanguagePrimitives.TryConvertTo<string>(item, CultureInfo.InvariantCulture, out var text)) return error;
        return new ErrorRecord(error.Exception, error.FullyQualifiedErrorId, error.CategoryInfo.Category, target ?? item)
        {
            ErrorDetails = new ErrorDetails($"{DisplayText.Line(text, MostShown)}: {error.ErrorDetails?.Message ?? error.Exception.Message}"),
        };
    }
}
