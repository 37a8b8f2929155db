using System.Globalization;

namespace Jobs.Bench.Harness;

internal static class Number
{
    /// <summary>Three digits that matter, or all before the point.</summary>
    public static string Text(double value) => value.ToString(Math.Abs(value) switch { < 10 => "0.##", < 100 => "0.#", _ => "N0" }, CultureInfo.InvariantCulture);
}
