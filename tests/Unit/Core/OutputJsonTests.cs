using System.Text;
using Jobs.Core;
using Jobs.Core.Redis;

namespace Jobs.Tests.Core;

public class OutputJsonTests
{
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "[true]")]
    [InlineData(false, "[false,1]", "1")]
    [InlineData(true, "[true,1,null]", "1", "null")]
    [InlineData(false, "[false,\"é€😀\\n\",{\"a\":[1,2]}]", "\"é€😀\\n\"", "{\"a\":[1,2]}")]
    public void Output_is_an_array_that_begins_with_whether_it_was_cut(bool truncated, string json, params string[] items) =>
        Assert.Equal(json, Encoding.UTF8.GetString(OutputJson.Write(new JobOutput(items, truncated))));

    [Fact]
    public void No_output_is_nothing() => Assert.Empty(OutputJson.Write(null));

    [Fact]
    public void Output_over_the_limit_is_cut_after_the_last_object_that_fits()
    {
        // In bytes of UTF-8, each with its comma.
        var half = '"' + new string('é', (JobOutput.MaxBytes / 4) - 2) + '"';
        var output = OutputJson.Read(Encoding.UTF8.GetString(OutputJson.Write(new JobOutput([half, half, "1", "2"]))))!;
        Assert.True(output.Truncated);
        Assert.Equal([half, half, "1"], output.Items);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var output = OutputJson.Read(Encoding.UTF8.GetString(OutputJson.Write(new JobOutput(["{\"x\":\"ß\"}", "[]"]))))!;
        Assert.False(output.Truncated);
        Assert.Equal(["{\"x\":\"ß\"}", "[]"], output.Items);
    }
}
