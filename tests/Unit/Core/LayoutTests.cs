using Jobs.Core;

namespace Jobs.Tests.Core;

/// <summary>A namespace says how its jobs are laid out, so that no version misreads another's.</summary>
public sealed class LayoutTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task A_namespace_notes_its_layout_when_it_is_first_written_to_and_can_be_connected_to_again()
    {
        Assert.True((await Redis.HashGetAsync(Key("settings"), "layout")).IsNull);
        await ConnectAsync();
        await ScheduleAsync("a");
        Assert.Equal(2, (long)await Redis.HashGetAsync(Key("settings"), "layout"));
        await ConnectAsync();
    }

    [Fact]
    public async Task A_pool_notes_it_too()
    {
        Register("a");
        await StartPoolAsync();
        Assert.Equal(2, (long)await Redis.HashGetAsync(Key("settings"), "layout"));
    }

    [Theory]
    [InlineData(null, "layout 1", "the version of the module that wrote them")]
    [InlineData("3", "layout 3", "Update the module")]
    [InlineData("abc", "layout abc", "Use another namespace")]
    public async Task Another_layout_is_refused_with_what_can_be_done(string? layout, string named, string advice)
    {
        await Redis.StringSetAsync(Key("seq"), 7);
        if (layout is not null) await Redis.HashSetAsync(Key("settings"), "layout", layout);
        var error = await Assert.ThrowsAsync<JobsException>(ConnectAsync);
        Assert.Equal(JobsError.StoreLayoutNotSupported, error.Error);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    private Task<JobStore> ConnectAsync() => JobStore.ConnectAsync(new StoreOptions { Configuration = Configuration, Namespace = Namespace });
}
