using System.Text;

namespace Jobs.PowerShell.Data;

/// <summary>The closed list of what stands in <c>$type</c>.</summary>
internal static class Tag
{
    public const string Key = "$type";
    public const string Value = "value";

    public const string Object = "object";
    public const string Ordered = "ordered";
    public const string Map = "map";
    public const string DateTime = "datetime";
    public const string DateTimeOffset = "datetimeoffset";
    public const string Date = "date";
    public const string Time = "time";
    public const string TimeSpan = "timespan";
    public const string Guid = "guid";
    public const string Bytes = "bytes";
    public const string Decimal = "decimal";
    public const string Double = "double";
    public const string BigInteger = "bigint";

    /// <summary>Whether a key is <c>$type</c> with any number of <c>$</c> before it, and so takes part in escaping.</summary>
    public static bool IsEscaped(string key) => key.Length >= Key.Length && key[0] == '$' && key.AsSpan().TrimStart('$').SequenceEqual("type");

    /// <summary>The reader's view of a text in UTF-8.</summary>
    public static readonly byte[] KeyUtf8 = Encoding.UTF8.GetBytes(Key);
}
