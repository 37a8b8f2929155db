using System.Globalization;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>
/// The fields of a hash as scripts return them. What is read back is untrusted: a value that can't be is none, and the first such is told as
/// <see cref="Defect"/>.
/// </summary>
internal sealed class HashReader
{
    /// <summary>Scripts take larger numbers for none: Lua does not count beyond exactly.</summary>
    public const long MostCounted = 1_000_000_000_000_000;

    private readonly Dictionary<string, RedisValue> _fields = new(StringComparer.Ordinal);

    /// <param name="fields">Fields and values in turn; of a field that comes twice the last value counts.</param>
    /// <param name="first">Where they begin.</param>
    public HashReader(RedisResult[] fields, int first)
    {
        for (var i = first; i + 1 < fields.Length; i += 2) _fields[(string)fields[i]!] = (RedisValue)fields[i + 1];
    }

    /// <param name="names">The fields.</param>
    /// <param name="values">Their values, or of as many as there are; null where a field is not there.</param>
    public HashReader(IReadOnlyList<string> names, RedisResult[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].IsNull) _fields[names[i]] = (RedisValue)values[i];
        }
    }

    /// <summary>The first value that can't be, in words.</summary>
    public string? Defect { get; private set; }

    public bool Has(string field) => _fields.ContainsKey(field);

    public string? Text(string field) => _fields.TryGetValue(field, out var value) ? value.ToString() : null;

    /// <summary>A whole number within bounds.</summary>
    public long? Number(string field, long min, long max)
    {
        if (!_fields.TryGetValue(field, out var value)) return null;
        return value.TryParse(out long number) && number >= min && number <= max ? number : Refuse<long>(field, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min:N0} to {max:N0}"));
    }

    public int? Number(string field, int min, int max) => (int?)Number(field, (long)min, max);

    /// <summary>Milliseconds since 1970.</summary>
    public DateTimeOffset? Time(string field) => _fields.TryGetValue(field, out var value) && value.TryParse(out long ms) ? JobHash.Instant(ms) : null;

    /// <summary>Milliseconds, from so many to 100 years.</summary>
    public TimeSpan? Span(string field, long min) =>
        Number(field, min, JobHash.Ms(Validate.LongestDuration)) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>One of an enumeration's names, in any case.</summary>
    public T? Name<T>(string field)
        where T : struct, Enum
    {
        if (!_fields.TryGetValue(field, out var value)) return null;
        return Parse<T>(value.ToString()) ?? Refuse<T>(field, value, "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    /// <summary>One of an enumeration's names, in any case: unlike <see cref="Enum.TryParse{TEnum}(string, bool, out TEnum)"/> no number and no sum of them.</summary>
    public static T? Parse<T>(string? text)
        where T : struct, Enum
    {
        return text is { Length: > 0 } && text.All(char.IsAsciiLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : null;
    }

    private T? Refuse<T>(string field, RedisValue value, string expected)
        where T : struct
    {
        var text = value.ToString();
        Defect ??= $"its field '{field}' is '{(text.Length > 40 ? text[..40] + "…" : text)}' instead of {expected}";
        return null;
    }
}
