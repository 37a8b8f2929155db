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
    [InlineData(null, "")]
    public void Control_characters_are_shown(string? text, string shown) => Assert.Equal(shown, DisplayText.Escape(text));

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("two\r\nlines", 20, "two  lines")]
    [InlineData("a long sentence", 6, "a lon…")]
    public void A_line_is_one_line_that_fits(string text, int width, string line) => Assert.Equal(line, DisplayText.Line(text, width));
}
