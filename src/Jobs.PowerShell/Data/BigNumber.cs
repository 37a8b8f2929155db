using System.Globalization;
using System.Numerics;

namespace Jobs.PowerShell.Data;

/// <summary>Whole numbers beyond 64 bits; bounded, since reading one takes time that grows with the square of its length.</summary>
internal static class BigNumber
{
    public const int MaxDigits = 10_000;

    public static bool TryParse(string text, out BigInteger number)
    {
        number = default;
        return text.Length <= MaxDigits && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
