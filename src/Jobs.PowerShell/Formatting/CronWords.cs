using System.Globalization;

namespace Jobs.PowerShell.Formatting;

/// <summary>Says in words when a cron expression matches, as Cronos reads it: a day of the month and a day of the week must both fit.</summary>
internal static class CronWords
{
    private const int MostTimes = 6;

    private static readonly string[] s_days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly string[] s_months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] s_ordinals = ["", "first", "second", "third", "fourth", "fifth"];

    private static readonly Dictionary<string, string> s_macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
        ["@monthly"] = "0 0 1 * *",
        ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
        ["@every_minute"] = "* * * * *",
        ["@every_second"] = "* * * * * *",
    };

    /// <summary>The words; null for an expression that these can't tell.</summary>
    public static string? Of(string expression)
    {
        var fields = s_macros.GetValueOrDefault(expression.Trim(), expression).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 5) fields = ["0", .. fields];
        if (fields.Length != 6
            || CronField.Parse(fields[0], 0, 59) is not { } second || CronField.Parse(fields[1], 0, 59) is not { } minute || CronField.Parse(fields[2], 0, 23) is not { } hour
            || CronField.Parse(fields[4], 1, 12, s_months) is not { } month
            || Days(fields[3], fields[5], month) is not { } days) return null;
        var time = Time(second, minute, hour);
        if (days == "" && time.StartsWith("at ", StringComparison.Ordinal) && char.IsAsciiDigit(time[3])) days = "each day";
        var months = fields[3] is "*" or "?" && !IsOfMonth(fields[5]) ? Months(month) : "";
        return string.Join(", ", new[] { time, days, months }.Where(part => part != ""));
    }

    /// <summary>Items as in a sentence.</summary>
    public static string Join(IEnumerable<string> items)
    {
        var list = items.ToList();
        return list.Count < 2 ? string.Concat(list) : $"{string.Join(", ", list.SkipLast(1))} and {list[^1]}";
    }

    private static string Time(CronField second, CronField minute, CronField hour)
    {
        if (second.Single is { } at) return at == 0 ? Minutes(minute, hour, "") : Minutes(minute, hour, $":{at:00}");
        var seconds = Part(second, "second");
        if (minute.IsAll && hour.IsAll) return IsEven(second) ? seconds : $"{seconds} of every minute";
        return $"{seconds} of each minute ({Minutes(minute, hour, "")})";
    }

    /// <param name="minute">The minutes.</param>
    /// <param name="hour">The hours.</param>
    /// <param name="seconds">What follows minutes in a time.</param>
    private static string Minutes(CronField minute, CronField hour, string seconds)
    {
        string Clock(int h, int m) => string.Create(CultureInfo.InvariantCulture, $"{h:00}:{m:00}{seconds}");
        string Past() => seconds == "" ? "" : $" at second {int.Parse(seconds.AsSpan(1), CultureInfo.InvariantCulture)}";

        if (minute.Single is { } m)
        {
            if (hour.IsAll) return m == 0 && seconds == "" ? "every hour" : $"every hour at minute {m}{(seconds == "" ? "" : $", second {int.Parse(seconds.AsSpan(1), CultureInfo.InvariantCulture)}")}";
            if (hour is { Step: { } step, GoesToTheEnd: true }) return hour.Values[0] == 0 && m == 0 && seconds == "" ? $"every {step} hours" : $"every {step} hours from {Clock(hour.Values[0], m)}";
            if (hour is { Run: { } run, Values.Length: > 3 }) return $"every hour from {Clock(run.From, m)} to {Clock(run.To, m)}";
            if (hour is { Step: { } part, Values.Length: > 3 }) return $"every {part} hours from {Clock(hour.Values[0], m)} to {Clock(hour.Values[^1], m)}";
            return $"at {Join(hour.Values.Select(h => Clock(h, m)))}";
        }
        if ((!IsEven(minute) || minute.Values.Length == 2) && minute.Run is null && minute.Values.Length * hour.Values.Length <= MostTimes) return $"at {Join(hour.Values.SelectMany(h => minute.Values.Select(n => Clock(h, n))))}";
        var words = Part(minute, "minute");
        if (hour.IsAll) return (IsEven(minute) ? words : $"{words} of every hour") + Past();
        // From the first time to the last.
        if (hour.Run is { } hours || hour.Single is not null && IsEven(minute))
        {
            var (from, to) = hour.Run ?? (hour.Values[0], hour.Values[0]);
            var rhythm = minute.IsAll ? "every minute" : minute.Step is { } each && minute.GoesToTheEnd ? $"every {each} minutes" : null;
            return rhythm is null ? $"{words} of every hour from {from:00}:00 to {to:00}:59{Past()}" : $"{rhythm} from {Clock(from, minute.Values[0])} to {Clock(to, minute.Values[^1])}";
        }
        return hour is { Step: { } nth, GoesToTheEnd: true } && hour.Values[0] == 0
            ? $"{words} of every {Ordinal(nth)} hour{Past()}"
            : $"{words} of the hour{(hour.Values.Length == 1 ? "" : "s")} {Join(hour.Values.Select(h => $"{h:00}"))}{Past()}";
    }

    /// <summary>Minutes within the hour, or seconds within the minute.</summary>
    private static string Part(CronField field, string unit) => field switch
    {
        { IsAll: true } => $"every {unit}",
        { Step: { } step, GoesToTheEnd: true } => field.Values[0] == 0 && IsEven(field) ? $"every {step} {unit}s" : $"every {step} {unit}s from {unit} {field.Values[0]}",
        { Run: { } run } => $"every {unit} from {unit} {run.From} to {run.To}",
        { Step: { } step, Values.Length: > 3 } => $"every {step} {unit}s from {unit} {field.Values[0]} to {field.Values[^1]}",
        _ => $"at {unit}{(field.Values.Length == 1 ? "" : "s")} {Join(field.Values.Select(value => $"{value}"))}",
    };

    /// <summary>Whether the rhythm goes on over the end of the hour, or minute.</summary>
    private static bool IsEven(CronField field) => field.IsAll || field.Step is { } step && field.GoesToTheEnd && 60 % step == 0 && field.Values[0] == 0;

    /// <summary>Which days; empty for all; null: can't be told.</summary>
    private static string? Days(string day, string weekday, CronField month)
    {
        var weekdays = weekday is "*" or "?" ? "" : Weekdays(weekday);
        var days = day is "*" or "?" ? "" : MonthDays(day);
        if (weekdays is null || days is null) return null;
        var months = month.IsAll ? "of each month" : $"of {Months(month)[3..]}";
        if (days == "") return IsOfMonth(weekday) ? $"on the {weekdays} {months}" : weekdays.Contains(" to ", StringComparison.Ordinal) || weekdays == "" ? weekdays : $"on {weekdays}";
        return $"{days} {months}{(weekdays == "" ? "" : $", if it is {(IsOfMonth(weekday) ? "the " : "")}{weekdays}")}";
    }

    private static bool IsOfMonth(string weekday) => weekday.Contains('#', StringComparison.Ordinal) || weekday.Length > 1 && weekday[^1] is 'L' or 'l';

    private static string? Weekdays(string text)
    {
        if (text.Split('#') is [var which, var number])
            return CronField.Parse(which, 0, 6, s_days)?.Single is { } day && int.TryParse(number, out var nth) && nth is >= 1 and <= 5 ? $"{s_ordinals[nth]} {s_days[day]}" : null;
        if (IsOfMonth(text)) return CronField.Parse(text[..^1], 0, 6, s_days)?.Single is { } last ? $"last {s_days[last]}" : null;
        if (CronField.Parse(text, 0, 6, s_days) is not { } field) return null;
        if (field.IsAll) return "";
        return field.Run is { } run ? $"{s_days[run.From]} to {s_days[run.To]}" : Join(field.Values.OrderBy(value => (value + 6) % 7).Select(value => s_days[value]));
    }

    private static string? MonthDays(string text)
    {
        text = text.ToUpperInvariant();
        if (text == "L") return "on the last day";
        if (text == "LW") return "on the last weekday";
        if (text.StartsWith("L-", StringComparison.Ordinal))
        {
            var nearest = text[^1] == 'W';
            return int.TryParse(nearest ? text[2..^1] : text[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var before)
                ? $"{(nearest ? "on the weekday nearest " : "")}{before} day{(before == 1 ? "" : "s")} before the last day" : null;
        }
        if (text[^1] == 'W') return CronField.Parse(text[..^1], 1, 31)?.Single is { } day ? $"on the weekday nearest the {Ordinal(day)}" : null;
        if (CronField.Parse(text, 1, 31) is not { } field) return null;
        return field switch
        {
            { IsAll: true } => "on each day",
            { Step: { } step, GoesToTheEnd: true } => $"on every {Ordinal(step)} day from the {Ordinal(field.Values[0])}",
            { Run: { } run } => $"from the {Ordinal(run.From)} to the {Ordinal(run.To)}",
            _ => $"on the {Join(field.Values.Select(Ordinal))}",
        };
    }

    private static string Months(CronField month) => month switch
    {
        { IsAll: true } => "",
        { Run: { } run } => $"in {s_months[run.From - 1]} to {s_months[run.To - 1]}",
        _ => $"in {Join(month.Values.Select(value => s_months[value - 1]))}",
    };

    private static string Ordinal(int number) => number + (number % 100 is >= 11 and <= 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });
}
