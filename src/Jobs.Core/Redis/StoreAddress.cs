using System.Net;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Reads where a store is: a StackExchange.Redis configuration string, or a <c>redis://</c> / <c>rediss://</c> URL.</summary>
/// <remarks>What is refused may hold a password: no message repeats a value, nor a name that may be a part of one.</remarks>
internal static class StoreAddress
{
    private static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(3);

    /// <exception cref="JobsException">InvalidConfiguration.</exception>
    public static ConfigurationOptions Parse(StoreOptions options)
    {
        var text = options.Configuration.Trim();
        var configuration = StoreUrl.IsOne(text) ? StoreUrl.Read(text) : FromText(text);
        if (configuration.EndPoints.Count == 0)
            throw Refusal("The configuration of the job store names no host. Use 'host:port' or redis://host:port.");
        if (!configuration.ChannelPrefix.IsNullOrEmpty)
            throw Refusal("The option 'channelPrefix' can't be used: it would keep pools from hearing of work. Use a namespace to keep stores apart.");

        configuration.DefaultDatabase = options.Database ?? configuration.DefaultDatabase ?? 0;
        Validate.Range(configuration.DefaultDatabase, 0, 1_000_000, nameof(options.Database));
        if (options.User is not null) configuration.User = options.User;
        if (options.Password is not null) configuration.Password = options.Password;
        configuration.ClientName ??= "Jobs";
        if (!Says(configuration, "allowAdmin")) configuration.AllowAdmin = true; // only to ask how safely the server keeps what it is given
        if (!Says(configuration, "connectRetry")) configuration.ConnectRetry = 1;
        if (options.ConnectTimeout is { } timeout) configuration.ConnectTimeout = (int)timeout.TotalMilliseconds;
        else if (!Says(configuration, "connectTimeout")) configuration.ConnectTimeout = (int)DefaultConnectTimeout.TotalMilliseconds;
        // Whatever the text says, as portals of cloud providers do: one who connects is told at once what is wrong.
        configuration.AbortOnConnectFail = true;
        // A command to a server that is gone is refused at once: who sent it knows when to try again, and the store may be back much sooner than a queue would give up.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(200, 2000);
        return configuration;
    }

    public static string Describe(ConfigurationOptions configuration) =>
        string.Join(", ", configuration.EndPoints.Select(Describe));

    public static string Describe(EndPoint endpoint) => endpoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endpoint.ToString()!;

    /// <summary>Reads options as StackExchange.Redis writes them.</summary>
    /// <param name="text">The options.</param>
    /// <param name="isNamed">Whether an option that is not known, or whose value can't be read, may be named.</param>
    public static ConfigurationOptions ReadOptions(string text, Predicate<string> isNamed)
    {
        try
        {
            return ConfigurationOptions.Parse(text);
        }
        catch (ArgumentException e) when (e.ParamName is { } option && text.Contains(option + "=", StringComparison.OrdinalIgnoreCase) && isNamed(option))
        {
            throw Refusal($"The option '{option}' of the job store's configuration is not known, or its value can't be read. The options are those of StackExchange.Redis, such as 'ssl=true' and 'connectTimeout=5000'.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw Refusal("The configuration of the job store can't be read. Use 'host:port,password=...,ssl=true' as StackExchange.Redis does, or a URL: redis://user:password@host:port/database, rediss:// for TLS.");
        }
    }

    public static JobsException Refusal(string message) => new(JobsError.InvalidConfiguration, message);

    private static ConfigurationOptions FromText(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var next = Array.FindIndex(parts, part => part.StartsWith("password=", StringComparison.OrdinalIgnoreCase)) + 1;
        // What follows a comma in a password would be taken for a host, and shown as one.
        var rest = next > 0 && next < parts.Length ? parts[next] : null;
        if (rest is not null && !rest.Contains('='))
            throw Refusal("What follows 'password=' in the configuration of the job store has no '='. Name hosts first; a password with a comma can't stand there: give it as -Credential, or in a URL with %2C.");
        return ReadOptions(text, option => rest?.StartsWith(option + "=", StringComparison.OrdinalIgnoreCase) != true);
    }

    private static bool Says(ConfigurationOptions configuration, string option) =>
        configuration.ToString(includePassword: false).Split(',').Any(part => part.StartsWith(option + "=", StringComparison.Ordinal));
}
