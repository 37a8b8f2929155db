using System.Diagnostics;
using Jobs.Core;
using StackExchange.Redis;

namespace Jobs.Tests.Core;

/// <summary>What is wrong with TLS is told, on a Redis that speaks it on a port of its own.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly Certificates _certificates = new();
    private readonly int _port = RedisProcess.FreePort();
    private readonly RedisProcess _redis;

    public TlsTests() => _redis = new RedisProcess(
        "--tls-port", $"{_port}", "--tls-cert-file", _certificates.Issue("127.0.0.1", 10), "--tls-key-file", _certificates.KeyFile,
        "--tls-ca-cert-file", _certificates.AuthorityFile, "--tls-auth-clients", "no");

    public async ValueTask InitializeAsync() => await _redis.StartAsync();

    public ValueTask DisposeAsync()
    {
        _redis.Dispose();
        _certificates.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SetAsync(string name, string value)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{_redis.Configuration},allowAdmin=true");
        await redis.GetServers()[0].ConfigSetAsync(name, value);
    }

    private static async Task<JobsException> RefusedAsync(string configuration, JobsError error)
    {
        var start = Stopwatch.GetTimestamp();
        var thrown = await Assert.ThrowsAnyAsync<JobsException>(() => JobStore.ConnectAsync(new StoreOptions { Configuration = configuration }));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), $"took {Stopwatch.GetElapsedTime(start)}");
        Assert.True(error == thrown.Error, $"{thrown.Error}: {thrown.Message} {thrown.InnerException?.Message}");
        return thrown;
    }

    [Fact]
    public async Task Finding_19_An_authority_that_is_not_trusted_is_named()
    {
        var error = await RefusedAsync($"rediss://127.0.0.1:{_port}", JobsError.StoreCertificateNotTrusted);
        Assert.Contains("CN=Jobs test authority", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_19_An_expired_certificate_is_told()
    {
        await SetAsync("tls-cert-file", _certificates.Issue("127.0.0.1", -10));
        await RefusedAsync($"127.0.0.1:{_port},ssl=true", JobsError.StoreCertificateExpired);
    }

    [Fact]
    public async Task Finding_19_A_certificate_of_another_host_is_told()
    {
        await SetAsync("tls-cert-file", _certificates.Issue("elsewhere.example", 10));
        var error = await RefusedAsync($"rediss://127.0.0.1:{_port}", JobsError.StoreCertificateNameMismatch);
        Assert.Contains("'127.0.0.1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_19_A_port_without_TLS_is_told() =>
        await RefusedAsync($"rediss://{_redis.Configuration}", JobsError.StoreTlsNotOffered);

    [Fact]
    public async Task Finding_19_A_port_with_TLS_is_told() =>
        await RefusedAsync($"redis://127.0.0.1:{_port}", JobsError.StoreTlsRequired);

    [Fact]
    public async Task Finding_19_A_client_certificate_that_is_wanted_is_told_and_a_wrong_password_is_not_blamed_on_TLS()
    {
        // The client's own way to trust an authority that the machine does not know.
        Environment.SetEnvironmentVariable("SERedis_IssuerCertPath", _certificates.AuthorityFile);
        try
        {
            await using (await JobStore.ConnectAsync(new StoreOptions { Configuration = $"rediss://127.0.0.1:{_port}" }))
            {
            }
            await SetAsync("tls-auth-clients", "yes");
            await RefusedAsync($"rediss://127.0.0.1:{_port}", JobsError.StoreClientCertificateRequired);
            await SetAsync("tls-auth-clients", "no");
            await SetAsync("requirepass", "secret-one");
            await RefusedAsync($"rediss://:secret-wrong@127.0.0.1:{_port}", JobsError.StoreAuthenticationFailed);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SERedis_IssuerCertPath", null);
        }
    }

    [Fact]
    public async Task Finding_19_What_is_not_there_is_not_blamed_on_TLS() =>
        await RefusedAsync("rediss://127.0.0.1:1", JobsError.StoreUnreachable);
}
