using Jobs.PowerShell.Formatting;

namespace Jobs.Tests.PowerShell;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m")]
    [InlineData("a\r\nb\tc", "a\r\nb\tc")]
    [InlineData("over\rwritten", "over\\u000dwritten")]
    [InlineData("\u202eetorw", "\\u202eetorw")]
    [InlineData("go \ud83d\ude80", "go \ud83d\ude80")]
    [InlineData(null, "")]
    public void Control_characters_are_shown(string? text, string shown) => Assert.Equal(shown, DisplayText.Escape(text));

    [Fact]
    public void Half_a_character_is_shown() => Assert.Equal("a\\ud83d \\ude80b\\ud83d", DisplayText.Escape("a\ud83d \ude80b\ud83d"));

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("two\r\nlines", 20, "two  lines")]
    [InlineData("a long sentence", 6, "a lon…")]
    [InlineData("abc\ud83d\ude80defg", 5, "abc…")]
    public void A_line_is_one_line_that_fits(string text, int width, string line) => Assert.Equal(line, DisplayText.Line(text, width));

    [Theory]
    [InlineData("rocket \ud83d\ude80, ä", "\"rocket \ud83d\ude80, ä\"")]
    [InlineData("\\ud83d\\ude80", "\"\\\\ud83d\\\\ude80\"")]
    public void Finding_46_Data_is_shown_as_it_was_written(string data, string shown) => Assert.Equal(shown, DisplayText.Data(data));
}
