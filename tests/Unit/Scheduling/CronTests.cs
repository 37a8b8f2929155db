using System.Globalization;
using Cronos;
using Jobs.Core;
using Jobs.Core.Scheduling;

namespace Jobs.Tests.Scheduling;

/// <summary>Cron expressions in time zones, on the days when clocks change above all. The expected times were worked out from the zones' rules by hand and are literal.</summary>
public sealed class CronTests
{
    /// <summary>What, cron expression, time zone, from (exclusive), the next times.</summary>
    public static TheoryData<string, string, string, string, string> Table => new()
    {
        { "an ordinary day", "0 3 * * *", "Europe/Berlin", "2025-01-14T23:00Z", "2025-01-15T02:00Z 2025-01-16T02:00Z" },
        { "spring: 02:30 does not exist and runs when the gap ends", "30 2 * * *", "Europe/Berlin", "2025-03-29T11:00Z", "2025-03-30T01:00Z 2025-03-31T00:30Z" },
        { "spring: 02:00 is the first moment of the gap", "0 2 * * *", "Europe/Berlin", "2025-03-29T11:00Z", "2025-03-30T01:00Z 2025-03-31T00:00Z" },
        { "spring: a time after the gap stays", "0 3 * * *", "Europe/Berlin", "2025-03-29T11:00Z", "2025-03-30T01:00Z 2025-03-31T01:00Z" },
        { "spring: a time before the gap stays", "59 1 * * *", "Europe/Berlin", "2025-03-29T11:00Z", "2025-03-30T00:59Z 2025-03-30T23:59Z" },
        { "spring: half hours go on without the gap", "*/30 * * * *", "Europe/Berlin", "2025-03-30T00:10Z", "2025-03-30T00:30Z 2025-03-30T01:00Z 2025-03-30T01:30Z" },
        { "spring: every hour goes on without the gap", "0 * * * *", "Europe/Berlin", "2025-03-29T23:10Z", "2025-03-30T00:00Z 2025-03-30T01:00Z 2025-03-30T02:00Z" },
        { "spring: a quarter past the hour that does not exist is when the gap ends", "15 * * * *", "Europe/Berlin", "2025-03-30T00:00Z", "2025-03-30T00:15Z 2025-03-30T01:00Z 2025-03-30T01:15Z" },
        { "spring: a range of hours leaves the one that does not exist out", "0 1-4 * * *", "Europe/Berlin", "2025-03-29T23:30Z", "2025-03-30T00:00Z 2025-03-30T01:00Z 2025-03-30T02:00Z 2025-03-30T23:00Z" },
        { "autumn: 02:30 comes twice and runs once, the first time", "30 2 * * *", "Europe/Berlin", "2025-10-25T10:00Z", "2025-10-26T00:30Z 2025-10-27T01:30Z" },
        { "autumn: 02:00 runs once", "0 2 * * *", "Europe/Berlin", "2025-10-25T10:00Z", "2025-10-26T00:00Z 2025-10-27T01:00Z" },
        { "autumn: 03:00 is once anyway", "0 3 * * *", "Europe/Berlin", "2025-10-25T10:00Z", "2025-10-26T02:00Z 2025-10-27T02:00Z" },
        { "autumn: half hours run in both passes", "*/30 * * * *", "Europe/Berlin", "2025-10-25T23:40Z", "2025-10-26T00:00Z 2025-10-26T00:30Z 2025-10-26T01:00Z 2025-10-26T01:30Z 2025-10-26T02:00Z" },
        { "autumn: every hour runs in both passes", "0 * * * *", "Europe/Berlin", "2025-10-25T23:30Z", "2025-10-26T00:00Z 2025-10-26T01:00Z 2025-10-26T02:00Z" },
        { "New York, spring: 02:15 runs when the gap ends", "15 2 * * *", "America/New_York", "2025-03-08T17:00Z", "2025-03-09T07:00Z 2025-03-10T06:15Z" },
        { "New York, spring: every 20 minutes", "*/20 * * * *", "America/New_York", "2025-03-09T06:30Z", "2025-03-09T06:40Z 2025-03-09T07:00Z 2025-03-09T07:20Z" },
        { "New York, autumn: 01:30 runs once", "30 1 * * *", "America/New_York", "2025-11-01T16:00Z", "2025-11-02T05:30Z 2025-11-03T06:30Z" },
        { "New York, autumn: every 20 minutes runs through both passes", "*/20 1 * * *", "America/New_York", "2025-11-02T04:59Z", "2025-11-02T05:00Z 2025-11-02T05:20Z 2025-11-02T05:40Z 2025-11-02T06:00Z 2025-11-02T06:20Z 2025-11-02T06:40Z 2025-11-03T06:00Z" },
        { "New York on a weekday at nine, across the spring change", "0 9 * * MON-FRI", "America/New_York", "2025-03-07T17:00Z", "2025-03-10T13:00Z 2025-03-11T13:00Z" },
        { "New York on a weekday at nine, across the autumn change", "0 9 * * 1-5", "America/New_York", "2025-10-31T16:00Z", "2025-11-03T14:00Z 2025-11-04T14:00Z" },
        { "London, spring: 01:30 runs at two", "30 1 * * *", "Europe/London", "2025-03-29T12:00Z", "2025-03-30T01:00Z 2025-03-31T00:30Z" },
        { "London, autumn: 01:30 runs once", "30 1 * * *", "Europe/London", "2025-10-25T11:00Z", "2025-10-26T00:30Z 2025-10-27T01:30Z" },
        { "Dublin, whose winter time is the exception, spring", "30 1 * * *", "Europe/Dublin", "2025-03-29T12:00Z", "2025-03-30T01:00Z 2025-03-31T00:30Z" },
        { "Dublin, autumn: 01:30 runs once", "30 1 * * *", "Europe/Dublin", "2025-10-25T11:00Z", "2025-10-26T00:30Z 2025-10-27T01:30Z" },
        { "Dublin, autumn: half hours run in both passes", "*/30 * * * *", "Europe/Dublin", "2025-10-25T23:40Z", "2025-10-26T00:00Z 2025-10-26T00:30Z 2025-10-26T01:00Z 2025-10-26T01:30Z 2025-10-26T02:00Z" },
        { "Dublin, spring: half hours go on without the gap", "*/30 * * * *", "Europe/Dublin", "2025-03-30T00:10Z", "2025-03-30T00:30Z 2025-03-30T01:00Z 2025-03-30T01:30Z" },
        { "Dublin, on a Sunday", "0 4 * * SUN", "Europe/Dublin", "2025-10-20T11:00Z", "2025-10-26T04:00Z 2025-11-02T04:00Z" },
        { "Sydney, where spring is in October", "30 2 * * *", "Australia/Sydney", "2025-10-04T02:00Z", "2025-10-04T16:00Z 2025-10-05T15:30Z" },
        { "Sydney, autumn: once", "30 2 * * *", "Australia/Sydney", "2025-04-05T01:00Z", "2025-04-05T15:30Z 2025-04-06T16:30Z" },
        { "Sydney, autumn: every half hour in both passes", "*/30 2 * * *", "Australia/Sydney", "2025-04-05T14:50Z", "2025-04-05T15:00Z 2025-04-05T15:30Z 2025-04-05T16:00Z 2025-04-05T16:30Z 2025-04-06T16:00Z" },
        { "Lord Howe, whose clocks move by half an hour, spring", "15 2 * * *", "Australia/Lord_Howe", "2025-10-04T01:30Z", "2025-10-04T15:30Z 2025-10-05T15:15Z" },
        { "Lord Howe, autumn: a quarter to two runs once", "45 1 * * *", "Australia/Lord_Howe", "2025-04-05T01:00Z", "2025-04-05T14:45Z 2025-04-06T15:15Z" },
        { "Santiago, where midnight does not exist in spring", "0 0 * * *", "America/Santiago", "2025-09-06T16:00Z", "2025-09-07T04:00Z 2025-09-08T03:00Z" },
        { "Havana, where midnight does not exist in spring", "30 0 * * *", "America/Havana", "2025-03-08T17:00Z", "2025-03-09T05:00Z 2025-03-10T04:30Z" },
        { "Havana, autumn: half past midnight comes twice and runs once", "30 0 * * *", "America/Havana", "2025-11-01T16:00Z", "2025-11-02T04:30Z 2025-11-03T05:30Z" },
        { "St. John's, half an hour off, spring", "30 2 * * *", "America/St_Johns", "2025-03-08T15:30Z", "2025-03-09T05:30Z 2025-03-10T05:00Z" },
        { "Chatham, three quarters of an hour off, spring", "0 3 * * *", "Pacific/Chatham", "2025-09-26T23:15Z", "2025-09-27T14:00Z 2025-09-28T13:15Z" },
        { "Kolkata, without changes", "0 6 * * *", "Asia/Kolkata", "2025-03-29T06:30Z", "2025-03-30T00:30Z 2025-03-31T00:30Z" },
        { "Kathmandu, +05:45", "15 0 1 * *", "Asia/Kathmandu", "2025-01-14T18:15Z", "2025-01-31T18:30Z 2025-02-28T18:30Z" },
        { "Tokyo on the last day of the month", "0 12 L * *", "Asia/Tokyo", "2024-12-31T15:00Z", "2025-01-31T03:00Z 2025-02-28T03:00Z 2025-03-31T03:00Z" },
        { "UTC in a leap year", "0 0 29 2 *", "UTC", "2025-01-01T00:00Z", "2028-02-29T00:00Z 2032-02-29T00:00Z" },
        { "UTC with seconds", "*/20 59 23 31 12 *", "UTC", "2025-12-31T23:59:10Z", "2025-12-31T23:59:20Z 2025-12-31T23:59:40Z 2026-12-31T23:59Z" },
        { "Berlin with seconds, spring: the gap's end", "15 30 2 * * *", "Europe/Berlin", "2025-03-29T11:00Z", "2025-03-30T01:00Z 2025-03-31T00:30:15Z" },
        { "Berlin with seconds, autumn: once", "15 30 2 * * *", "Europe/Berlin", "2025-10-25T10:00Z", "2025-10-26T00:30:15Z 2025-10-27T01:30:15Z" },
        { "the second Monday of a month", "0 8 * * MON#2", "Europe/Berlin", "2025-02-28T23:00Z", "2025-03-10T07:00Z 2025-04-14T06:00Z" },
        { "the last Friday of a month", "0 17 * * 5L", "Europe/Berlin", "2025-02-28T23:00Z", "2025-03-28T16:00Z 2025-04-25T15:00Z" },
        { "the weekday nearest to the 15th", "0 9 15W * *", "Europe/Berlin", "2025-02-28T23:00Z", "2025-03-14T08:00Z 2025-04-15T07:00Z" },
        { "Sunday by either of its numbers", "0 0 * * 7", "Europe/Berlin", "2025-10-20T10:00Z", "2025-10-25T22:00Z 2025-11-01T23:00Z" },
        { "a Windows id, spring", "30 2 * * *", "W. Europe Standard Time", "2025-03-29T11:00Z", "2025-03-30T01:00Z 2025-03-31T00:30Z" },
        { "a Windows id, autumn", "30 1 * * *", "Eastern Standard Time", "2025-11-01T16:00Z", "2025-11-02T05:30Z 2025-11-03T06:30Z" },
        { "a Windows id, both passes", "0 */1 * * *", "Pacific Standard Time", "2025-11-02T07:30Z", "2025-11-02T08:00Z 2025-11-02T09:00Z 2025-11-02T10:00Z" },
        { "names of months, across New Year", "0 0 1 JAN,JUL *", "America/New_York", "2025-02-01T05:00Z", "2025-07-01T04:00Z 2026-01-01T05:00Z" },
        { "Casablanca, when its clocks go back: once", "30 2 * * *", "Africa/Casablanca", "2025-02-22T11:00Z", "2025-02-23T01:30Z 2025-02-24T02:30Z" },
        { "Casablanca, when its clocks go forward", "30 2 * * *", "Africa/Casablanca", "2025-04-05T12:00Z", "2025-04-06T02:00Z 2025-04-07T01:30Z" },
        { "Casablanca, whose clocks go back for Ramadan", "30 4 * * *", "Africa/Casablanca", "2025-02-22T11:00Z", "2025-02-23T04:30Z 2025-02-24T04:30Z" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_cron_expression_runs_at_the_times_of_its_zone(string what, string cron, string zone, string from, string expected)
    {
        var recurrence = CronRecurrence.Parse(cron, zone);
        var times = expected.Split(' ').Select(Utc).ToList();
        var actual = new List<DateTimeOffset>();
        for (var time = Utc(from); actual.Count < times.Count; actual.Add(time)) time = recurrence.Next(time, time);
        Assert.True(times.SequenceEqual(actual.Select(time => time.ToUniversalTime())), $"{what}: expected {expected}, got {string.Join(' ', actual.Select(time => $"{time.UtcDateTime:s}Z"))}");
    }

    [Fact]
    public void A_daily_time_is_met_on_every_day_of_a_year()
    {
        var recurrence = CronRecurrence.Parse("30 2 * * *", "Europe/Berlin");
        var time = Utc("2025-01-01T00:00Z");
        var days = new HashSet<DateTime>();
        for (var i = 0; i < 365; i++)
        {
            time = recurrence.Next(time, time);
            days.Add(TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Date);
        }
        Assert.Equal(365, days.Count);
        Assert.Equal(new DateTime(2025, 12, 31), days.Max());
    }

    [Theory]
    [InlineData("30 0 * * *")]
    [InlineData("30 1 * * *")]
    [InlineData("30 2 * * *")]
    public void In_no_zone_a_daily_time_is_left_out_or_repeated(string cron)
    {
        var wrong = new List<string>();
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var recurrence = CronRecurrence.Parse(cron, zone.Id);
            var time = new DateTimeOffset(new DateTime(2025, 1, 1), zone.GetUtcOffset(new DateTime(2025, 1, 1)));
            for (var day = new DateTime(2025, 1, 1); day.Year == 2025; day = day.AddDays(1))
            {
                var next = recurrence.Next(time, time);
                if (next <= time || TimeZoneInfo.ConvertTime(next, zone).Date != day)
                {
                    wrong.Add($"{zone.Id}: {next:u} on {day:d} after {time:u}");
                    break;
                }
                time = next;
            }
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("30 2 * * *", false)]
    [InlineData("0,15,45 0,1,2,3 * * *", false)]
    [InlineData("*/20 * * * *", true)]
    [InlineData("15 1-3 * * *", true)]
    [InlineData("5 * * * SUN", true)]
    public void The_clock_for_odd_zones_agrees_with_Cronos_where_Cronos_is_right(string cron, bool isInterval)
    {
        var expression = CronExpression.Parse(cron);
        foreach (var id in (string[])["Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata"])
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
            var wall = new WallClock(expression, zone, isInterval);
            var time = Utc("2025-01-01T00:00Z");
            while (time < Utc("2026-01-01T00:00Z"))
            {
                var next = expression.GetNextOccurrence(time, zone)!.Value;
                Assert.Equal(next.UtcDateTime, wall.Next(time, inclusive: false)!.Value.UtcDateTime);
                Assert.Equal(next.UtcDateTime, wall.Next(next, inclusive: true)!.Value.UtcDateTime);
                time = next;
            }
        }
    }

    [Theory]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("every day")]
    [InlineData("0 0 31 2 *")]
    public void What_is_no_cron_expression_or_never_comes_is_refused(string cron)
    {
        var error = Assert.Throws<JobsException>(() => CronRecurrence.Parse(cron, "UTC").First(Utc("2025-01-01T00:00Z"), inclusive: false));
        Assert.Equal(JobsError.InvalidCron, error.Error);
    }

    [Theory]
    [InlineData("0 3 * *", "4 fields")]
    [InlineData("3", "1 field.")]
    [InlineData("* * * * * * *", "7 fields")]
    [InlineData("  ", "0 fields")]
    public void Finding_55_How_many_fields_there_are_is_said(string cron, string said) =>
        Assert.Contains(said, Assert.Throws<JobsException>(() => CronRecurrence.Parse(cron, "UTC")).Message, StringComparison.Ordinal);

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
