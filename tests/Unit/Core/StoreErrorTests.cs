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

    [Theory]
    [InlineData("redis://{0}?nonsense=1", "'nonsense'")]
    [InlineData("redis://{0}?ssl=perhaps", "'ssl'")]
    [InlineData("redis://{0}/0?flag", "options")]
    [InlineData("{0},nonsense=1", "'nonsense'")]
    [InlineData("{0},connectTimeout=soon", "'connectTimeout'")]
    [InlineData("{0},channelPrefix=x", "'channelPrefix'")]
    [InlineData("redis://127.0.0.1:0", "URL")]
    [InlineData("redis://127.0.0.1/99999999999", "database")]
    [InlineData("redis://127.0.0.1/1/2", "database")]
    [InlineData("sentinel://127.0.0.1", "URL")]
    [InlineData(" ", "host")]
    public async Task Finding_50_What_is_wrong_with_a_configuration_is_named(string configuration, string word)
    {
        var error = await RefusedAsync(new StoreOptions { Configuration = string.Format(System.Globalization.CultureInfo.InvariantCulture, configuration, _redis.Configuration) });
        Assert.Equal(JobsError.InvalidConfiguration, error.Error);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0},password=one,secret")]
    [InlineData("{0},password=one,secret=two")]
    [InlineData("redis://user:12/secret@{0}")]
    [InlineData("redis://user:12?secret=1@{0}")]
    [InlineData("redis://user:12#secret@{0}")]
    [InlineData("redis://user:secret:1@2@{0}")]
    [InlineData("redis://user:secret?x@{0}")]
    public async Task No_part_of_a_password_that_breaks_a_configuration_is_shown(string configuration)
    {
        var error = await RefusedAsync(new StoreOptions { Configuration = string.Format(System.Globalization.CultureInfo.InvariantCulture, configuration, _redis.Configuration) });
        Assert.Contains(error.Error, (JobsError[])[JobsError.InvalidConfiguration, JobsError.StoreAuthenticationFailed]);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_can_be_printed_without_showing_a_password() =>
        Assert.DoesNotContain("secret", new StoreOptions { Configuration = "a,password=secret", Password = "secret", User = "u" }.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("a:1", 3000, 1, true)]
    [InlineData("a:1,connectTimeout=1234,connectRetry=4,allowAdmin=false,abortConnect=false", 1234, 4, false)]
    [InlineData("redis://a:1/2?connectTimeout=1234&connectRetry=4&allowAdmin=false", 1234, 4, false)]
    public void Finding_50_What_a_configuration_says_is_kept(string configuration, int timeout, int retries, bool admin)
    {
        var parsed = Jobs.Core.Redis.StoreAddress.Parse(new StoreOptions { Configuration = configuration });
        Assert.Equal((timeout, retries, admin, true), (parsed.ConnectTimeout, parsed.ConnectRetry, parsed.AllowAdmin, parsed.AbortOnConnectFail));
        parsed = Jobs.Core.Redis.StoreAddress.Parse(new StoreOptions { Configuration = configuration, ConnectTimeout = TimeSpan.FromSeconds(2) });
        Assert.Equal(2000, parsed.ConnectTimeout);
    }

    [Theory]
    [InlineData("redis://us%40er:p%2Fa%23s%3As%25@[::1]:7000/3?name=me&ssl=true", "us@er", "p/a#s:s%", "[::1]:7000", 3)]
    [InlineData("REDISS://Host?db=4", null, null, "host:6379", 4)]
    [InlineData("rediss://:pw@host?user=query", "query", "pw", "host:6379", 0)]
    public void A_URL_is_read_whole(string url, string? user, string? password, string endpoint, int database)
    {
        var parsed = Jobs.Core.Redis.StoreAddress.Parse(new StoreOptions { Configuration = url });
        Assert.Equal((user, password, endpoint, database, true), (parsed.User, parsed.Password, Jobs.Core.Redis.StoreAddress.Describe(parsed), parsed.DefaultDatabase, parsed.Ssl));
        parsed = Jobs.Core.Redis.StoreAddress.Parse(new StoreOptions { Configuration = url, User = "other", Password = "word", Database = 1 });
        Assert.Equal(("other", "word", 1), (parsed.User, parsed.Password, parsed.DefaultDatabase));
    }

    [Fact]
    public async Task Finding_49_A_database_that_the_server_does_not_have_is_told()
    {
        await using (var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = $"{_redis.Configuration},password=secret-one", Database = 15 }))
            await store.Connection.Redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", "plain", "on", ">secret-three", "~*", "&*", "+@all", "-config");
        foreach (var login in (string[])["password=secret-one", "user=plain,password=secret-three"])
        {
            var error = await RefusedAsync(new StoreOptions { Configuration = $"{_redis.Configuration},{login}", Database = 99 });
            Assert.True(error.Error == JobsError.DatabaseOutOfRange, error.ToString());
            Assert.Contains("99", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Finding_49_A_cluster_has_database_0_only()
    {
        using var cluster = new RedisProcess("--cluster-enabled", "yes");
        await cluster.StartAsync();
        await using (var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync($"{cluster.Configuration},allowAdmin=true"))
            await redis.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 0, 16383);
        await Wait.UntilAsync(async () =>
        {
            try
            {
                await using var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = cluster.Configuration });
                return (await new JobClient(store, new JobTypeRegistry()).ScheduleAsync(new JobRequest { Type = "a" })).Id.Length > 0;
            }
            catch (JobsException)
            {
                return false;
            }
        }, "the cluster takes jobs");
        var error = await RefusedAsync(new StoreOptions { Configuration = cluster.Configuration, Database = 1 });
        Assert.Equal(JobsError.DatabaseOutOfRange, error.Error);
        Assert.Contains("cluster", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maxmemory 0", "maxmemory-policy allkeys-lru", false)]
    [InlineData("maxmemory 100mb", "maxmemory-policy allkeys-random", true)]
    [InlineData("maxmemory 100mb", "maxmemory-policy volatile-lru", false)]
    [InlineData("maxmemory 100mb", "maxmemory-policy noeviction", false)]
    public async Task Finding_17_A_server_that_throws_jobs_away_is_told(string memory, string policy, bool warns)
    {
        await using var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = $"{_redis.Configuration},password=secret-one" });
        var server = store.Connection.Redis.GetServers()[0];
        foreach (var setting in (string[])[memory, policy]) await server.ConfigSetAsync(setting.Split(' ')[0], setting.Split(' ')[1]);
        // Where CONFIG is forbidden, as in many clouds, INFO tells it too.
        await store.Connection.Redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", "plain", "on", ">secret-three", "~*", "&*", "+@all", "-config");
        await using var plain = await JobStore.ConnectAsync(new StoreOptions { Configuration = _redis.Configuration, User = "plain", Password = "secret-three" });
        foreach (var info in (StoreInfo[])[await store.GetInfoAsync(), await plain.GetInfoAsync()])
        {
            Assert.Equal(warns, info.IsEvicting);
            Assert.Equal(warns, info.Warning!.Contains("noeviction", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Finding_18_A_wrong_user_is_not_taken_for_the_default_one()
    {
        using var open = new RedisProcess([.. "--user worker on >secret-two ~* &* +@all".Split(' ')]);
        await open.StartAsync();
        await using (await JobStore.ConnectAsync(new StoreOptions { Configuration = open.Configuration, User = "worker", Password = "secret-two" }))
        {
        }
        foreach (var options in (StoreOptions[])
        [
            new() { Configuration = open.Configuration, User = "nobody", Password = "secret-one" },
            new() { Configuration = open.Configuration, User = "worker", Password = "secret-one" },
            new() { Configuration = open.Configuration, User = "worker", Password = "" },
            new() { Configuration = $"redis://worker@{open.Configuration}" },
        ])
        {
            var error = await RefusedAsync(options);
            Assert.True(error.Error == JobsError.StoreAuthenticationFailed, error.ToString());
        }
    }
}
