using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Jobs.PowerShell.Data;

/// <summary>What stands under a tag.</summary>
internal static partial class JsonDataReader
{
    private static object? Tagged(ref Utf8JsonReader reader, string tag)
    {
        // Looked at on a copy: what turns out not to be ours is read again as it is.
        var ahead = reader;
        if (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueTextEquals("value"u8) && ahead.Read())
        {
            var value = tag == Tag.Map && ahead.TokenType == JsonTokenType.StartArray ? Map(ref ahead)
                : ahead.TokenType == JsonTokenType.String ? Scalar(tag, ahead.GetString()!)
                : null;
            if (value is not null && ahead.Read() && ahead.TokenType == JsonTokenType.EndObject)
            {
                reader = ahead;
                return value;
            }
        }
        return Plain(ref reader, tag);
    }

    private static object? Scalar(string tag, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return tag switch
        {
            Tag.DateTime => DateTime.TryParseExact(text, "O", culture, DateTimeStyles.RoundtripKind, out var time) ? time : null,
            Tag.DateTimeOffset => DateTimeOffset.TryParseExact(text, "O", culture, DateTimeStyles.RoundtripKind, out var time) ? time : null,
            Tag.Date => DateOnly.TryParseExact(text, "O", culture, DateTimeStyles.None, out var date) ? date : null,
            Tag.Time => TimeOnly.TryParseExact(text, "O", culture, DateTimeStyles.None, out var time) ? time : null,
            Tag.TimeSpan => TimeSpan.TryParseExact(text, "c", culture, out var span) ? span : null,
            Tag.Guid => Guid.TryParseExact(text, "D", out var guid) ? guid : null,
            Tag.Bytes => Base64(text),
            Tag.Decimal => decimal.TryParse(text, NumberStyles.Number, culture, out var number) ? number : null,
            Tag.Double => double.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null,
            Tag.BigInteger => BigNumber.TryParse(text, out BigInteger number) ? number : null,
            _ => null,
        };
    }

    private static byte[]? Base64(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }

    private static Hashtable? Map(ref Utf8JsonReader reader)
    {
        var map = new Hashtable(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray || Array(ref reader) is not [{ } key, var value]) return null;
            map[key] = value;
        }
        return map;
    }
}
