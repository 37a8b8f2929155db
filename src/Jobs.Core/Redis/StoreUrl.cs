using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Reads <c>redis://user:password@host:port/database?option=value</c>; <c>rediss://</c> for TLS.</summary>
internal static partial class StoreUrl
{
    private const int DefaultPort = 6379;

    public static bool IsOne(string text) => SchemePattern().IsMatch(text);

    /// <exception cref="JobsException">InvalidConfiguration.</exception>
    public static ConfigurationOptions Read(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("redis" or "rediss") || url.Host.Length == 0 || url.Port == 0)
            throw StoreAddress.Refusal("The URL of the job store can't be read. Use redis://user:password@host:port/database, or rediss:// for TLS; escape what is neither letter nor digit in user and password (%40 for @).");
        // Else a part of the password would be taken for the path or for an option.
        if (url.Fragment.Length > 0 || url.PathAndQuery.Contains('@', StringComparison.Ordinal))
            throw StoreAddress.Refusal("The URL of the job store has a '#', or an '@' after its host. In user and password these, '/', '?', ':' and '%' are written as %23, %40, %2F, %3F, %3A and %25.");

        var host = $"{url.Host}:{(url.Port > 0 ? url.Port : DefaultPort)}";
        var configuration = StoreAddress.ReadOptions(string.Join(',', Options(url.Query).Prepend(host)), _ => true);
        if (url.Scheme == "rediss") configuration.Ssl = true;
        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0) configuration.User = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2) configuration.Password = Uri.UnescapeDataString(user[1]);
        var path = url.AbsolutePath.Trim('/');
        if (path.Length > 0)
        {
            if (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var database))
                throw StoreAddress.Refusal("The path of the job store's URL is the number of a database: redis://host:port/2.");
            configuration.DefaultDatabase = database;
        }
        return configuration;
    }

    /// <summary>The options of StackExchange.Redis, and <c>db</c>, which other clients know.</summary>
    private static IEnumerable<string> Options(string query)
    {
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.Split('=', 2) is [var first, var second] ? (first, Uri.UnescapeDataString(second)) : (part, "");
            if (!OptionPattern().IsMatch(name) || value.Length == 0 || value.Contains(',', StringComparison.Ordinal))
                throw StoreAddress.Refusal("What follows '?' in the URL of the job store is not a list of options: redis://host:port?connectTimeout=5000&name=web1.");
            yield return $"{(name == "db" ? "defaultDatabase" : name)}={value}";
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*://", RegexOptions.IgnoreCase)]
    private static partial Regex SchemePattern();

    [GeneratedRegex(@"^[A-Za-z]+$")]
    private static partial Regex OptionPattern();
}
