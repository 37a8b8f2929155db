using System.Globalization;

namespace Jobs.PowerShell.Formatting;

/// <summary>The values that one field of a cron expression matches, and the pattern they make: however they were written.</summary>
internal sealed class CronField
{
    private readonly int _min;
    private readonly int _max;

    private CronField(SortedSet<int> values, int min, int max) => (Values, _min, _max) = ([.. values], min, max);

    /// <summary>In ascending order.</summary>
    public int[] Values { get; }

    public bool IsAll => Values.Length == _max - _min + 1;

    public int? Single => Values.Length == 1 ? Values[0] : null;

    /// <summary>Consecutive values, at least three, also over the end of the range; null: they are none, or all.</summary>
    public (int From, int To)? Run
    {
        get
        {
            if (IsAll || Values.Length < 3) return null;
            var breaks = Enumerable.Range(0, Values.Length).Where(i => Following(Values[i]) != Values[(i + 1) % Values.Length]).ToList();
            return breaks.Count == 1 ? (Values[(breaks[0] + 1) % Values.Length], Values[breaks[0]]) : null;
        }
    }

    /// <summary>The distance, two or more, of at least three values that are equally far apart, or of the two that halve the range; null otherwise.</summary>
    public int? Step
    {
        get
        {
            if (Values.Length < 2 || Values is [var first, var second] && (first != _min || (second - first) * 2 != _max - _min + 1)) return null;
            var step = Values[1] - Values[0];
            return step > 1 && Enumerable.Range(1, Values.Length - 1).All(i => Values[i] - Values[i - 1] == step) ? step : null;
        }
    }

    /// <summary>Whether the values go on from the first to the end of the range at their <see cref="Step"/>.</summary>
    public bool GoesToTheEnd => Values[0] - _min < Step && Values[^1] + Step > _max;

    /// <summary>Reads a field of numbers, names, lists, ranges and steps; null for anything else.</summary>
    /// <param name="text">The field.</param>
    /// <param name="min">Its least value.</param>
    /// <param name="max">Its greatest.</param>
    /// <param name="names">Names of the values from the least on, by their first three letters; a value beyond the greatest stands for the least, as 7 does for Sunday.</param>
    public static CronField? Parse(string text, int min, int max, string[]? names = null)
    {
        var values = new SortedSet<int>();
        foreach (var item in text.Split(','))
        {
            var (range, step) = item.Split('/') switch
            {
                [var whole] => (whole, 1),
                [var part, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => (part, number),
                _ => ("", 0),
            };
            int from, to;
            if (range is "*" or "?") (from, to) = (min, max);
            else if (range.Split('-') is [var first, var last] && Number(first) is { } a && Number(last) is { } b) (from, to) = (a, b);
            else if (Number(range) is { } single) (from, to) = (single, item.Contains('/', StringComparison.Ordinal) ? max : single);
            else return null;
            // A range may go over the end.
            var length = (to >= from ? to - from : to - from + max - min + 1) + 1;
            for (var i = 0; i < length; i += step) values.Add(min + (from - min + i) % (max - min + 1));
        }
        return new CronField(values, min, max);

        int? Number(string word)
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number >= min && number <= max + (names?.Length == 7 ? 1 : 0) ? number : null;
            var at = names is null ? -1 : Array.FindIndex(names, name => name[..3].Equals(word, StringComparison.OrdinalIgnoreCase));
            return at < 0 ? null : min + at;
        }
    }

    private int Following(int value) => value == _max ? _min : value + 1;
}
