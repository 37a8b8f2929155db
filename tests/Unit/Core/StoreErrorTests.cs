using System.Diagnostics;
using Jobs.Core;

namespace Jobs.Tests.Core;

/// <summary>Stores that can't be used, on a Redis of the tests' own.</summary>
public sealed class StoreErrorTests : IAsyncLifetime
{
    private readonly RedisProcess _redis = new(
        [.. "--requirepass secret-one --user reader on >secret-two ~* &* +@read +ping +info +echo +client|setname".Split(' ')]);

    public async ValueTask InitializeAsync() => await _redis.StartAsync();

    public ValueTask DisposeAsync()
    {
        _redis.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<JobsException> RefusedAsync(StoreOptions options)
    {
        var start = Stopwatch.GetTimestamp();
        var error = await Assert.ThrowsAnyAsync<JobsException>(() => JobStore.ConnectAsync(options));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), $"took {Stopwatch.GetElapsedTime(start)}");
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        return error;
    }

    [Fact]
    public async Task An_unreachable_store_is_named_without_its_password()
    {
        var error = await RefusedAsync(new StoreOptions { Configuration = "127.0.0.1:1,password=secret-one" });
        Assert.Equal(JobsError.StoreUnreachable, error.Error);
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_from_an_unreachable_store()
    {
        Assert.Equal(JobsError.StoreAuthenticationFailed, (await RefusedAsync(new StoreOptions { Configuration = $"{_redis.Configuration},password=secret-wrong" })).Error);
        Assert.Equal(JobsError.StoreAuthenticationFailed, (await RefusedAsync(new StoreOptions { Configuration = _redis.Configuration })).Error);
    }

    [Fact]
    public async Task A_user_who_may_not_write_is_told_so()
    {
        var error = await RefusedAsync(new StoreOptions { Configuration = _redis.Configuration, User = "reader", Password = "secret-two" });
        Assert.Equal(JobsError.StorePermissionDenied, error.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("redis://localhost:6379/notanumber")]
    [InlineData("http://localhost")]
    [InlineData("localhost,nonsense=secret-one")]
    public async Task A_configuration_that_can_not_be_read_is_refused(string configuration) =>
        Assert.Equal(JobsError.InvalidConfiguration, (await RefusedAsync(new StoreOptions { Configuration = configuration })).Error);

    [Fact]
    public async Task A_namespace_is_a_name() =>
        Assert.Equal(JobsError.InvalidName, (await RefusedAsync(new StoreOptions { Namespace = "a b" })).Error);

    [Theory]
    [InlineData("redis://:secret-one@{0}/3", 3)]
    [InlineData("redis://default:secret-one@{0}", 0)]
    [InlineData("{0},password=secret-one,defaultDatabase=2", 2)]
    public async Task A_store_is_found_by_url_or_configuration(string configuration, int database)
    {
        await using var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = string.Format(System.Globalization.CultureInfo.InvariantCulture, configuration, _redis.Configuration) });
        Assert.Equal((database, _redis.Configuration, "jobs"), (store.Database, store.Endpoint, store.Namespace));
        var info = await store.GetInfoAsync();
        Assert.Equal(("redis", false), (info.Server, info.AppendOnly));
        Assert.Contains("append-only", info.Warning, StringComparison.Ordinal);
    }
}
