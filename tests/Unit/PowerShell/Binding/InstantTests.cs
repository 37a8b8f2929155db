using System.Globalization;
using System.Management.Automation;
using Jobs.PowerShell.Binding;

namespace Jobs.Tests.PowerShell.Binding;

public sealed class InstantTests
{
    private static readonly DateTime Nine = new(2026, 11, 24, 9, 0, 0, DateTimeKind.Local);

    private static DateTime? Parse(string text, int lies = 1, string culture = "en-US") => Instant.Parse(text, Nine, lies, CultureInfo.GetCultureInfo(culture));

    [Theory]
    [InlineData("03:00", "2026-11-25T03:00", "2026-11-24T03:00")]
    [InlineData("3:00pm", "2026-11-24T15:00", "2026-11-23T15:00")]
    [InlineData("3 PM", "2026-11-24T15:00", "2026-11-23T15:00")]
    [InlineData("09:00", "2026-11-25T09:00", "2026-11-24T09:00")]
    [InlineData("09:00:01", "2026-11-24T09:00:01", "2026-11-23T09:00:01")]
    [InlineData("00:00", "2026-11-25T00:00", "2026-11-24T00:00")]
    public void Finding_58_A_clock_time_alone_is_the_next_such_time_and_of_the_past_the_last_one(string text, string next, string last)
    {
        Assert.Equal(DateTime.Parse(next, CultureInfo.InvariantCulture), Parse(text));
        Assert.Equal(DateTime.Parse(last, CultureInfo.InvariantCulture), Parse(text, lies: -1));
    }

    [Theory]
    [InlineData("2030-06-01", "en-US")]
    [InlineData("2030-06-01 00:00", "de-DE")]
    [InlineData("2030-06-01T00:00:00", "ar-SA")]
    [InlineData("6/1/2030", "en-US")]
    [InlineData("1/6/2030", "en-GB")]
    [InlineData("01.06.2030 00:00", "de-DE")]
    public void A_date_is_read_in_ISO_8601_and_as_the_culture_writes_it(string text, string culture) =>
        Assert.Equal(new DateTimeOffset(new DateTime(2030, 6, 1, 0, 0, 0, DateTimeKind.Local)).UtcDateTime, Parse(text, culture: culture));

    [Theory]
    [InlineData("2030-06-01T08:00:00Z")]
    [InlineData("2030-06-01T10:00:00+02:00")]
    public void Text_keeps_its_zone(string text) => Assert.Equal((new DateTime(2030, 6, 1, 8, 0, 0), DateTimeKind.Utc), (Parse(text)!.Value, Parse(text)!.Value.Kind));

    public static TheoryData<object> Nonsense => ["", "soon", "25:00", "2030-13-01", 5, 5.5, TimeSpan.FromHours(3), true];

    [Theory]
    [MemberData(nameof(Nonsense), DisableDiscoveryEnumeration = true)]
    public void Finding_58_What_is_no_time_is_refused_with_the_forms_that_are(object value) =>
        Assert.EndsWith(Instant.Forms, Assert.Throws<ArgumentTransformationMetadataException>(() => new InstantAttribute().Transform(null!, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void Times_of_every_type_are_taken()
    {
        var attribute = new InstantAttribute();
        Assert.Equal(new DateTime(2030, 6, 1, 8, 0, 0, DateTimeKind.Utc), attribute.Transform(null!, new DateTimeOffset(2030, 6, 1, 10, 0, 0, TimeSpan.FromHours(2))));
        Assert.Equal(new DateTime(2030, 6, 1), attribute.Transform(null!, new PSObject(new DateTime(2030, 6, 1))));
        Assert.Equal(new DateTime(2030, 6, 1), attribute.Transform(null!, new DateOnly(2030, 6, 1)));
        Assert.True((DateTime)attribute.Transform(null!, new TimeOnly(3, 0))! > DateTime.Now);
    }
}
