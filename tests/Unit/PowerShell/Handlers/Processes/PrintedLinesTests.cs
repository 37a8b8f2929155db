using System.Text;
using Jobs.PowerShell.Handlers.Processes;

namespace Jobs.Tests.PowerShell.Handlers.Processes;

public sealed class PrintedLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("one", "one")]
    [InlineData("one\ntwo\n", "one|two")]
    [InlineData("one\r\n\r\ntwo", "one||two")]
    public async Task Gives_line_by_line(string text, string lines) => Assert.Equal(lines, string.Join('|', await ReadAsync(text)));

    [Fact]
    public async Task Cuts_a_line_that_does_not_end() =>
        Assert.Equal([65536, 65536, 1000], (await ReadAsync(new string('x', (2 * 65536) + 1000))).Select(line => line.Length));

    private static async Task<List<string>> ReadAsync(string text)
    {
        var lines = new List<string>();
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        await PrintedLines.ReadAsync(reader, lines.Add);
        return lines;
    }
}
