using Cronos;
using Jobs.PowerShell.Formatting;

namespace Jobs.Tests.PowerShell.Formatting;

public sealed class RhythmTests
{
    [Theory]
    // The time of the day.
    [InlineData("* * * * *", "every minute")]
    [InlineData("*/5 * * * *", "every 5 minutes")]
    [InlineData("0/15 * * * *", "every 15 minutes")]
    [InlineData("0,15,30,45 * * * *", "every 15 minutes")]
    [InlineData("0,30 * * * *", "every 30 minutes")]
    [InlineData("*/7 * * * *", "every 7 minutes from minute 0 of every hour")]
    [InlineData("5/15 * * * *", "every 15 minutes from minute 5 of every hour")]
    [InlineData("0-10 * * * *", "every minute from minute 0 to 10 of every hour")]
    [InlineData("10-40/10 * * * *", "every 10 minutes from minute 10 to 40 of every hour")]
    [InlineData("0 * * * *", "every hour")]
    [InlineData("15 * * * *", "every hour at minute 15")]
    [InlineData("10,40 * * * *", "at minutes 10 and 40 of every hour")]
    [InlineData("0 */2 * * *", "every 2 hours")]
    [InlineData("0 */12 * * *", "every 12 hours")]
    [InlineData("30 */6 * * *", "every 6 hours from 00:30")]
    [InlineData("0 1/8 * * *", "every 8 hours from 01:00")]
    [InlineData("0 */5 * * *", "every 5 hours")]
    [InlineData("0 3 * * *", "at 03:00, each day")]
    [InlineData("30 8,12,18 * * *", "at 08:30, 12:30 and 18:30, each day")]
    [InlineData("0,30 9 * * *", "at 09:00 and 09:30, each day")]
    [InlineData("0 8-17 * * *", "every hour from 08:00 to 17:00")]
    [InlineData("15 8-16/2 * * *", "every 2 hours from 08:15 to 16:15")]
    [InlineData("0 22-2 * * *", "every hour from 22:00 to 02:00")]
    [InlineData("*/15 8-17 * * *", "every 15 minutes from 08:00 to 17:45")]
    [InlineData("* 9 * * *", "every minute from 09:00 to 09:59")]
    [InlineData("*/20 6 * * *", "every 20 minutes from 06:00 to 06:40")]
    [InlineData("*/10 9,17 * * *", "every 10 minutes of the hours 09 and 17")]
    [InlineData("5,25,45 8-18 * * *", "every 20 minutes from 08:05 to 18:45")]
    [InlineData("0,10 */2 * * *", "at minutes 0 and 10 of every 2nd hour")]
    [InlineData("1,2,40,50 7,19 * * *", "at minutes 1, 2, 40 and 50 of the hours 07 and 19")]
    // Seconds.
    [InlineData("* * * * * *", "every second")]
    [InlineData("*/10 * * * * *", "every 10 seconds")]
    [InlineData("30 * * * * *", "every minute at second 30")]
    [InlineData("15,45 * * * * *", "at seconds 15 and 45 of every minute")]
    [InlineData("0 0 3 * * *", "at 03:00, each day")]
    [InlineData("20 30 4 * * *", "at 04:30:20, each day")]
    [InlineData("*/30 */15 8-17 * * *", "every 30 seconds of each minute (every 15 minutes from 08:00 to 17:45)")]
    // Days of the week.
    [InlineData("0 3 * * MON-FRI", "at 03:00, Monday to Friday")]
    [InlineData("0 3 * * 1-5", "at 03:00, Monday to Friday")]
    [InlineData("0 3 * * 0", "at 03:00, on Sunday")]
    [InlineData("0 3 * * 7", "at 03:00, on Sunday")]
    [InlineData("0 3 * * sat,sun", "at 03:00, on Saturday and Sunday")]
    [InlineData("0 3 * * MON,WED,FRI", "at 03:00, on Monday, Wednesday and Friday")]
    [InlineData("0 3 * * FRI-MON", "at 03:00, Friday to Monday")]
    [InlineData("0 3 * * 5-7", "at 03:00, Friday to Sunday")]
    [InlineData("0 3 ? * TUE#2", "at 03:00, on the second Tuesday of each month")]
    [InlineData("0 3 ? * 5L", "at 03:00, on the last Friday of each month")]
    [InlineData("*/15 8-17 * * 1-5", "every 15 minutes from 08:00 to 17:45, Monday to Friday")]
    // Days of the month, and months.
    [InlineData("0 3 1 * *", "at 03:00, on the 1st of each month")]
    [InlineData("0 3 1,15 * *", "at 03:00, on the 1st and 15th of each month")]
    [InlineData("0 3 2,3,22 * *", "at 03:00, on the 2nd, 3rd and 22nd of each month")]
    [InlineData("0 3 1-7 * *", "at 03:00, from the 1st to the 7th of each month")]
    [InlineData("0 3 */2 * *", "at 03:00, on every 2nd day from the 1st of each month")]
    [InlineData("0 3 L * *", "at 03:00, on the last day of each month")]
    [InlineData("0 3 LW * *", "at 03:00, on the last weekday of each month")]
    [InlineData("0 3 L-3 * *", "at 03:00, 3 days before the last day of each month")]
    [InlineData("0 3 15W * *", "at 03:00, on the weekday nearest the 15th of each month")]
    [InlineData("0 0 13 * FRI", "at 00:00, on the 13th of each month, if it is Friday")]
    [InlineData("0 0 1-7 * MON", "at 00:00, from the 1st to the 7th of each month, if it is Monday")]
    [InlineData("0 3 1 1 *", "at 03:00, on the 1st of January")]
    [InlineData("0 3 1 */3 *", "at 03:00, on the 1st of January, April, July and October")]
    [InlineData("0 3 * JUN-AUG *", "at 03:00, each day, in June to August")]
    [InlineData("0 3 * 12 MON-FRI", "at 03:00, Monday to Friday, in December")]
    [InlineData("0 * * 11-2 *", "every hour, in November to February")]
    [InlineData("0 12 ? 6 SUN#3", "at 12:00, on the third Sunday of June")]
    // Names for common ones.
    [InlineData("@hourly", "every hour")]
    [InlineData("@daily", "at 00:00, each day")]
    [InlineData("@weekly", "at 00:00, on Sunday")]
    [InlineData("@monthly", "at 00:00, on the 1st of each month")]
    [InlineData("@yearly", "at 00:00, on the 1st of January")]
    public void Cron_in_words(string expression, string words)
    {
        Assert.Equal(words, Rhythm.Of(null, expression, null));
        // Nobody is told of an expression that could not be scheduled.
        CronExpression.Parse(expression, expression.Split(' ').Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
    }

    [Theory]
    [InlineData("0 3 * * 1-5", "Europe/Berlin", "at 03:00, Monday to Friday, Europe/Berlin")]
    [InlineData("0 3 * * MAGIC", "UTC", "cron 0 3 * * MAGIC, UTC")]
    [InlineData("nonsense", null, "cron nonsense")]
    public void Cron_with_its_zone_and_what_has_no_words(string expression, string? zone, string words) => Assert.Equal(words, Rhythm.Of(null, expression, zone));

    [Theory]
    [InlineData("00:15:00", "every 15 minutes")]
    [InlineData("01:00:00", "every hour")]
    [InlineData("1.00:00:00", "every day")]
    [InlineData("01:30:00", "every 1 hour and 30 minutes")]
    [InlineData("00:00:00.5", "every 500 milliseconds")]
    [InlineData("7.00:00:00", "every 7 days")]
    [InlineData("1.02:03:04", "every 1 day, 2 hours, 3 minutes and 4 seconds")]
    public void Intervals_in_words(string every, string words) => Assert.Equal(words, Rhythm.Of(TimeSpan.Parse(every, System.Globalization.CultureInfo.InvariantCulture), null, null));
}
