using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>The order of any two values: as the engine has it, else by their text.</summary>
internal static class ValueComparer
{
    public static int Compare(object? left, object? right, bool caseSensitive, CultureInfo culture)
    {
        try
        {
            return LanguagePrimitives.Compare(Plain(left), Plain(right), !caseSensitive, culture);
        }
        catch (Exception e) when (e is InvalidCastException or ArgumentException)
        {
            return culture.CompareInfo.Compare(left?.ToString(), right?.ToString(), caseSensitive ? CompareOptions.None : CompareOptions.IgnoreCase);
        }
    }

    private static object? Plain(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
