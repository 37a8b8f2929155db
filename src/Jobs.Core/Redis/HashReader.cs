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

    private readonly IReadOnlyList<string> _names;
    private readonly RedisResult[] _values;
    private readonly int _first;
    private readonly string[] _others;
    private readonly int _firstOther;

    /// <param name="fields">Fields and values in turn.</param>
    /// <param name="first">Where they begin.</param>
    public HashReader(RedisResult[] fields, int first)
        : this([], fields, first - 1, fields.Length - first)
    {
    }

    /// <param name="names">The fields.</param>
    /// <param name="values">Their values, or of as many as there are; null where a field is not there.</param>
    public HashReader(IReadOnlyList<string> names, RedisResult[] values) => (_names, _values, _others) = (names, values, []);

    /// <param name="names">Fields that are all there.</param>
    /// <param name="values">Their values, a number, and other fields and values in turn.</param>
    /// <param name="first">Where the values begin.</param>
    /// <param name="others">How many other fields and values there are.</param>
    public HashReader(IReadOnlyList<string> names, RedisResult[] values, int first, int others)
    {
        (_names, _values, _first, _firstOther) = (names, values, first, first + names.Count + 1);
        _others = others < 2 ? [] : new string[others / 2];
        for (var i = 0; i < _others.Length; i++) _others[i] = (string)values[_firstOther + 2 * i]!;
    }

    /// <summary>The first value that can't be, in words.</summary>
    public string? Defect { get; private set; }

    public bool Has(string field) => !Value(field).IsNull;

    public string? Text(string field) => (string?)Value(field);

    /// <summary>A whole number within bounds.</summary>
    public long? Number(string field, long min, long max)
    {
        var value = Value(field);
        if (value.IsNull) return null;
        return value.TryParse(out long number) && number >= min && number <= max ? number : Refuse<long>(field, value.ToString(), Range(min, max));
    }

    public int? Number(string field, int min, int max) => (int?)Number(field, (long)min, max);

    /// <summary>Milliseconds since 1970.</summary>
    public DateTimeOffset? Time(string field) => Value(field) is { IsNull: false } value && value.TryParse(out long ms) ? JobHash.Instant(ms) : null;

    /// <summary>Milliseconds, from so many to 100 years.</summary>
    public TimeSpan? Span(string field, long min) =>
        Number(field, min, JobHash.Ms(Validate.LongestDuration)) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>One of an enumeration's names, in any case.</summary>
    public T? Name<T>(string field)
        where T : struct, Enum
    {
        if (Text(field) is not { } text) return null;
        return Parse<T>(text) ?? Refuse<T>(field, text, "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    /// <summary>One of an enumeration's names, in any case: unlike <see cref="Enum.TryParse{TEnum}(string, bool, out TEnum)"/> no number and no sum of them.</summary>
    public static T? Parse<T>(ReadOnlySpan<char> text)
        where T : struct, Enum
    {
        return text.Length > 0 && !text.ContainsAnyExcept(Letters) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : null;
    }

    /// <summary>A part of a packed field: a whole number within bounds; of one that is not there, 0.</summary>
    public long Part(string part, ReadOnlySpan<char> text, long min, long max)
    {
        if (text.IsEmpty || text is "-") return 0;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : Refuse<long>(part, text.ToString(), Range(min, max)) ?? 0;
    }

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private RedisValue Value(string field)
    {
        for (var i = 0; i < _names.Count; i++)
        {
            if (_names[i] == field) return _first + i < _values.Length ? (RedisValue)_values[_first + i] : RedisValue.Null;
        }
        var other = _others.Length == 0 ? -1 : Array.IndexOf(_others, field);
        return other < 0 ? RedisValue.Null : (RedisValue)_values[_firstOther + 2 * other + 1];
    }

    private static string Range(long min, long max) => string.Create(CultureInfo.InvariantCulture, $"a whole number from {min:N0} to {max:N0}");

    private T? Refuse<T>(string field, string text, string expected)
        where T : struct
    {
        Defect ??= $"its field '{field}' is '{(text.Length > 40 ? text[..40] + "…" : text)}' instead of {expected}";
        return null;
    }
}
