using System.Buffers;
using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace Jobs.PowerShell.Data;

/// <summary>Reads what <see cref="JsonDataWriter"/>, or any program, wrote. The text is not trusted.</summary>
internal static partial class JsonDataReader
{
    public static object? Read(string json)
    {
        if (json.Length > JsonData.MaxBytes) throw TooLarge();
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(json.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(json, rented);
            if (length > JsonData.MaxBytes) throw TooLarge();
            var reader = new Utf8JsonReader(rented.AsSpan(0, length), new JsonReaderOptions { MaxDepth = JsonData.MaxDepth });
            reader.Read();
            var value = Value(ref reader);
            // Anything after the value is an error that only a further read finds.
            reader.Read();
            return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new HandlerException("InvalidData", ErrorCategory.InvalidData, $"The data is not JSON of at most {JsonData.MaxDepth} levels: {e.Message}", inner: e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static HandlerException TooLarge() => new("InvalidData", ErrorCategory.InvalidData, $"The data is over {JsonData.MaxBytes:N0} bytes of JSON.");

    private static object? Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => Number(ref reader),
        JsonTokenType.StartArray => Array(ref reader),
        JsonTokenType.StartObject => Object(ref reader),
        _ => null,
    };

    private static object Number(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0)
        {
            if (reader.TryGetInt32(out var small)) return small;
            if (reader.TryGetInt64(out var large)) return large;
            if (reader.TryGetUInt64(out var unsigned)) return unsigned;
            if (BigNumber.TryParse(Encoding.ASCII.GetString(text), out var big)) return big;
        }
        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static object?[] Array(ref Utf8JsonReader reader)
    {
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Value(ref reader));
        return [.. items];
    }

    private static object? Object(ref Utf8JsonReader reader)
    {
        reader.Read();
        // Only a first member is a tag: it is where the writer puts it, and where a sorted object has it.
        if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Tag.KeyUtf8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) return Plain(ref reader, Value(ref reader));
            switch (reader.GetString())
            {
                case Tag.Object: reader.Read(); return Custom(ref reader);
                case Tag.Ordered: reader.Read(); return Members(ref reader, new OrderedDictionary(StringComparer.OrdinalIgnoreCase));
                case { } tag: return Tagged(ref reader, tag);
            }
        }
        return Members(ref reader, new Hashtable(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>An object that is not ours but begins with <c>$type</c>.</summary>
    private static IDictionary Plain(ref Utf8JsonReader reader, object? first)
    {
        reader.Read();
        return Members(ref reader, new Hashtable(StringComparer.OrdinalIgnoreCase) { [Tag.Key] = first });
    }

    /// <summary>Reads members from the reader's current one to the end of the object.</summary>
    private static IDictionary Members(ref Utf8JsonReader reader, IDictionary members)
    {
        HashSet<string>? exact = null;
        var caseSensitive = false;
        for (; reader.TokenType != JsonTokenType.EndObject; reader.Read())
        {
            var name = Name(ref reader);
            reader.Read();
            var value = Value(ref reader);
            // JSON tells 'a' from 'A', and so must then the dictionary, though PowerShell's do not as a rule.
            if (members.Contains(name))
            {
                exact ??= Keys(members);
                if (!exact.Contains(name) && !caseSensitive)
                {
                    members = CaseSensitive(members);
                    caseSensitive = true;
                }
            }
            exact?.Add(name);
            members[name] = value;
        }
        return members;
    }

    private static string Name(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        return Tag.IsEscaped(name) && name.Length > Tag.Key.Length ? name[1..] : name;
    }

    private static HashSet<string> Keys(IDictionary members)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in members.Keys) names.Add((string)key);
        return names;
    }

    private static IDictionary CaseSensitive(IDictionary members)
    {
        if (members is Hashtable table) return new Hashtable(table, StringComparer.Ordinal);
        var ordered = new OrderedDictionary(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in members) ordered.Add(entry.Key, entry.Value);
        return ordered;
    }

    private static object Custom(ref Utf8JsonReader reader)
    {
        var members = (OrderedDictionary)Members(ref reader, new OrderedDictionary(StringComparer.OrdinalIgnoreCase));
        var custom = new PSObject();
        foreach (DictionaryEntry entry in members)
        {
            var name = (string)entry.Key;
            // A custom object can't have such members; a dictionary can.
            if (name.Length == 0 || custom.Properties[name] is not null) return members;
            custom.Properties.Add(new PSNoteProperty(name, entry.Value));
        }
        return custom;
    }
}
