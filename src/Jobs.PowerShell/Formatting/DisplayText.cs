using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Jobs.PowerShell.Data;

namespace Jobs.PowerShell.Formatting;

/// <summary>Makes what is read from a store fit to be shown. Used by the module's views.</summary>
public static partial class DisplayText
{
    /// <summary>Shows control characters, such as those of ANSI escapes, as <c>\u001b</c>; line ends and tabs stay.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text, safe to print.</returns>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var first = -1;
        for (var i = 0; i < text.Length && first < 0; i++)
        {
            if (IsUnsafe(text, i)) first = i;
        }
        if (first < 0) return text;
        var safe = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            if (IsUnsafe(text, i))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else
                safe.Append(text[i]);
        }
        return safe.ToString();
    }

    /// <summary>One line of at most so many characters, with control characters shown.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="width">The most characters, an ellipsis included.</param>
    /// <returns>The line.</returns>
    public static string Line(string? text, int width)
    {
        if (string.IsNullOrEmpty(text)) return "";
        // More than is shown is not worth escaping.
        var part = text.Length > width * 2 ? Cut(text, width * 2) : text;
        var line = Escape(part.Replace('\r', ' ').Replace('\n', ' ').Replace('\t', ' '));
        return line.Length <= width && part.Length == text.Length ? line : Cut(line, Math.Min(line.Length, width - 1)) + "…";
    }

    // Never between the two halves of a character.
    private static string Cut(string text, int length) => text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>A job's, run's or pool's status, in its colour where colours can be shown.</summary>
    /// <param name="status">The status.</param>
    /// <param name="colour">Whether the host shows ANSI sequences.</param>
    /// <returns>The status in words.</returns>
    public static string Status(object? status, bool colour)
    {
        var word = Escape(status?.ToString());
        var code = word switch
        {
            "Executing" or "Running" => 36,
            "Finished" => 32,
            "Failed" or "Stale" => 31,
            "Queued" or "Stopping" => 33,
            "Cancelled" or "Saved" or "Stopped" => 90,
            _ => 0,
        };
        return colour && code > 0 ? $"\u001b[{code}m{word}\u001b[0m" : word;
    }

    /// <summary>A job's data as the JSON it is kept as.</summary>
    /// <param name="data">The data, or null.</param>
    /// <returns>One line, shortened.</returns>
    public static string Data(object? data) => data is null ? "" : Line(EscapedPair.Replace(JsonData.Serialize(data), pair => pair.Groups[1].Value + (char)Hex(pair.Groups[2]) + (char)Hex(pair.Groups[3])), 400);

    // .NET's writer of JSON escapes whatever takes two of its characters, such as an emoji.
    [GeneratedRegex("""(?<!\\)((?:\\\\)*)\\u(D[89AB][0-9A-F]{2})\\u(D[C-F][0-9A-F]{2})""", RegexOptions.IgnoreCase)]
    private static partial Regex EscapedPair { get; }

    private static int Hex(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>A duration in the unit that suits it: 12 ms, 3.4 s, 5:06 min, 7:08 h, 9.1 d.</summary>
    /// <param name="duration">The duration, or null.</param>
    /// <returns>The duration in words, or nothing.</returns>
    public static string Duration(TimeSpan? duration) => duration switch
    {
        null => "",
        { TotalMilliseconds: < 1000 } d => $"{d.TotalMilliseconds:0} ms",
        { TotalSeconds: < 60 } d => $"{d.TotalSeconds:0.0} s",
        { TotalMinutes: < 60 } d => $"{(int)d.TotalMinutes}:{d.Seconds:00} min",
        { TotalHours: < 48 } d => $"{(int)d.TotalHours}:{d.Minutes:00} h",
        { } d => $"{d.TotalDays:0.0} d",
    };

    /// <summary>A time in at most 11 characters: of today the clock, of days around it the date too, of others the date.</summary>
    /// <param name="time">A local time, or null.</param>
    /// <returns>The time in words, or nothing.</returns>
    public static string Time(DateTime? time) => time switch
    {
        null => "",
        { } t when t.Date == DateTime.Now.Date => t.ToString("HH:mm:ss", CultureInfo.CurrentCulture),
        { } t when Math.Abs((t - DateTime.Now).TotalDays) < 180 => t.ToString("MM-dd HH:mm", CultureInfo.CurrentCulture),
        { } t => t.ToString("yyyy-MM-dd", CultureInfo.CurrentCulture),
    };

    // A lone carriage return overwrites its line, half a character is none, and bidirectional overrides reorder what a reader sees.
    private static bool IsUnsafe(string text, int i) => text[i] switch
    {
        '\n' or '\t' => false,
        '\r' => i + 1 == text.Length || text[i + 1] != '\n',
        (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => true,
        >= '\ud800' and <= '\udbff' => i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]),
        >= '\udc00' and <= '\udfff' => i == 0 || !char.IsHighSurrogate(text[i - 1]),
        var c => char.IsControl(c),
    };
}
