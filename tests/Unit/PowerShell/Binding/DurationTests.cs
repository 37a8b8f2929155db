using System.Management.Automation;
using System.Numerics;
using Jobs.Core;
using Jobs.PowerShell.Binding;

namespace Jobs.Tests.PowerShell.Binding;

public sealed class DurationTests
{
    private static TimeSpan? Bind(object? value) => (TimeSpan?)new DurationAttribute().Transform(null!, value);

    [Theory]
    [InlineData("90", "00:01:30")]
    [InlineData(" 1.5 ", "00:00:01.5")]
    [InlineData("10s", "00:00:10")]
    [InlineData("5m", "00:05:00")]
    [InlineData("5 min", "00:05:00")]
    [InlineData("2h", "02:00:00")]
    [InlineData("1d", "1.00:00:00")]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("1H 30M", "01:30:00")]
    [InlineData("1d2h3m4s5ms", "1.02:03:04.005")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("00:10:00", "00:10:00")]
    [InlineData("00:10", "00:10:00")]
    [InlineData("00:00:00.25", "00:00:00.25")]
    [InlineData("1.02:03:04", "1.02:03:04")]
    [InlineData("2:00:00:00", "2.00:00:00")]
    [InlineData("0", "00:00:00")]
    [InlineData("-5", "-00:00:05")]
    [InlineData("-1h30m", "-01:30:00")]
    public void Finding_15_Text_is_seconds_units_or_a_clock(string text, string expected) => Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Bind(text));

    public static TheoryData<object> NinetySeconds => [(byte)90, (sbyte)90, (short)90, (ushort)90, 90, 90u, 90L, 90ul, 90f, 90d, 90m, (Half)90, new BigInteger(90), TimeSpan.FromSeconds(90), new PSObject(90f), new PSObject("90")];

    [Theory]
    [MemberData(nameof(NinetySeconds), DisableDiscoveryEnumeration = true)]
    public void Finding_15_A_number_of_any_type_is_seconds(object value) => Assert.Equal(TimeSpan.FromSeconds(90), Bind(value));

    public static TheoryData<object> Nonsense =>
    [
        "", " ", "soon", "5 x", "h", "5m1h", "1h1h", "1,5", "5m 3", "--5", "24:00:00", "00:61", "1:2:3:4:5", "٣s", "1e400", new string('9', 5_000) + "s", new string('h', 5_000),
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, float.NaN, double.MaxValue, decimal.MaxValue, ulong.MaxValue, BigInteger.Pow(10, 400), "99999999999999d", "999999999999999",
        true, 'a', DayOfWeek.Monday, new DateTime(2030, 1, 1), new object[] { 1, 2 }, new object(),
    ];

    [Theory]
    [MemberData(nameof(Nonsense), DisableDiscoveryEnumeration = true)]
    public void Finding_15_What_is_no_duration_is_refused_with_the_forms_that_are(object value) =>
        Assert.EndsWith(Duration.Forms, Assert.Throws<ArgumentTransformationMetadataException>(() => Bind(value)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("5/s", 5, 1)]
    [InlineData("5/min", 5, 60)]
    [InlineData("100/h", 100, 3600)]
    [InlineData("100/H", 100, 3600)]
    [InlineData("1/d", 1, 86_400)]
    [InlineData("100/00:01:00", 100, 60)]
    [InlineData("100/5m", 100, 300)]
    [InlineData(" 3 / 90 ", 3, 90)]
    [InlineData("0/s", 0, 1)] // refused by the engine, with the range
    public void Finding_15_A_rate_is_a_count_and_a_unit_or_a_duration(string text, int count, int seconds) => Assert.Equal(new RateLimit(count, TimeSpan.FromSeconds(seconds)), Rate.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("often")]
    [InlineData("5")]
    [InlineData("5/")]
    [InlineData("/s")]
    [InlineData("5/s/s")]
    [InlineData("1.5/s")]
    [InlineData("5/fortnight")]
    [InlineData("99999999999/s")]
    [InlineData("1/999999999999d")]
    public void Finding_15_What_is_no_rate_is_refused_with_the_forms_that_are(string text)
    {
        var error = Assert.Throws<JobsException>(() => Rate.Parse(text));
        Assert.Equal(JobsError.ValueOutOfRange, error.Error);
        Assert.Contains("100/h", error.Message, StringComparison.Ordinal);
    }
}
