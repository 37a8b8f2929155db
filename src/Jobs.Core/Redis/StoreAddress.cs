using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Reads where a store is: a StackExchange.Redis configuration string, or a <c>redis://</c> / <c>rediss://</c> URL.</summary>
internal static class StoreAddress
{
    /// <exception cref="JobsException">InvalidConfiguration.</exception>
    public static ConfigurationOptions Parse(StoreOptions options)
    {
        var text = options.Configuration.Trim();
        ConfigurationOptions configuration;
        try
        {
            configuration = text.Contains("://", StringComparison.Ordinal) ? FromUrl(text) : ConfigurationOptions.Parse(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or UriFormatException)
        {
            // The text may hold a password: it is not repeated.
            throw new JobsException(JobsError.InvalidConfiguration,
                "The configuration of the job store can't be read. Use 'host:port,password=...,ssl=true' as StackExchange.Redis does, or a URL: redis://user:password@host:port/database, rediss:// for TLS.");
        }
        if (configuration.EndPoints.Count == 0)
            throw new JobsException(JobsError.InvalidConfiguration, "The configuration of the job store names no host. Use 'host:port' or redis://host:port.");

        configuration.DefaultDatabase = options.Database ?? configuration.DefaultDatabase ?? 0;
        Validate.Range(configuration.DefaultDatabase, 0, 1_000_000, nameof(options.Database));
        if (options.User is not null) configuration.User = options.User;
        if (options.Password is not null) configuration.Password = options.Password;
        configuration.ClientName ??= "Jobs";
        configuration.AbortOnConnectFail = true;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(200, 2000);
        return configuration;
    }

    public static string Describe(ConfigurationOptions configuration) =>
        string.Join(", ", configuration.EndPoints.Select(endpoint => endpoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endpoint.ToString()));

    private static ConfigurationOptions FromUrl(string text)
    {
        var url = new Uri(text);
        if (url.Scheme is not ("redis" or "rediss")) throw new FormatException();

        var configuration = new ConfigurationOptions { Ssl = url.Scheme == "rediss" };
        configuration.EndPoints.Add(url.Host.Trim('[', ']'), url.Port > 0 ? url.Port : 6379);
        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0) configuration.User = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2) configuration.Password = Uri.UnescapeDataString(user[1]);
        var path = url.AbsolutePath.Trim('/');
        if (path.Length > 0) configuration.DefaultDatabase = int.Parse(path, NumberStyles.None, CultureInfo.InvariantCulture);
        return configuration;
    }
}
