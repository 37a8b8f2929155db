using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>What Redis says when it refuses, as errors a user can act on.</summary>
internal static class StoreErrors
{
    /// <summary>What a server answers while it starts, fails over or waits for its replicas.</summary>
    private static readonly string[] Passing = ["LOADING ", "BUSY ", "CLUSTERDOWN ", "TRYAGAIN ", "MASTERDOWN ", "READONLY ", "NOREPLICAS "];

    /// <summary>Whether sending it again can help: the command may not have reached the server, or the server says that it can't now, as in a failover.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => false,
        RedisConnectionException or RedisTimeoutException or TimeoutException or ObjectDisposedException => true,
        RedisServerException e => Passing.Any(code => Starts(e, code)),
        _ => false,
    };

    /// <summary>Whether the server is there but takes no writes just now.</summary>
    public static bool IsRefusedWrite(Exception exception) =>
        exception is RedisServerException e && (Starts(e, "OOM") || Starts(e, "READONLY") || Starts(e, "MISCONF") || Starts(e, "NOREPLICAS"));

    public static JobsException Explain(Exception exception, string endpoint)
    {
        var (error, message) = exception switch
        {
            _ when IsAuthentication(exception) => (JobsError.StoreAuthenticationFailed,
                $"The job store at {endpoint} refused the user or password. Check the credential."),
            _ when IsPermission(exception) => (JobsError.StorePermissionDenied,
                $"The user of the job store at {endpoint} may not do this ({FirstLine(exception)}). What jobs need is listed in docs/guarantees.md."),
            RedisServerException e when IsRefusedWrite(e) => (JobsError.StoreNotWritable,
                $"The job store at {endpoint} takes no writes now ({FirstLine(e)}). Free memory or disk, or connect to the primary."),
            _ when IsTransient(exception) => (JobsError.StoreUnreachable,
                $"The job store at {endpoint} can't be reached. Check that Redis runs there, the address, and the firewall; 'Connect-JobStore -Local' starts a private one."),
            _ => (JobsError.StoreFailed, $"The job store at {endpoint} answered with an error: {FirstLine(exception)}"),
        };
        return new JobsException(error, message, exception) { Target = endpoint };
    }

    /// <summary>Whether the user may not run a command, or not on these keys or channels.</summary>
    public static bool IsPermission(Exception exception) =>
        exception is RedisException && (Mentions(exception, "NOPERM") || Mentions(exception, "The user executing the script can't") || Mentions(exception, "ACL failure in script"));

    /// <summary>Whether the server, or the client on its behalf, knows no database of that number.</summary>
    public static bool IsDatabase(Exception exception) =>
        Mentions(exception, "DB index is out of range") || Mentions(exception, "database does not exist on the server");

    public static JobsException NoDatabase(string endpoint, int database) => new(JobsError.DatabaseOutOfRange,
        $"The job store at {endpoint} has no database {database}: a server has 16, from 0 to 15, unless its setting 'databases' says otherwise, and a cluster has only database 0. Use namespaces to keep stores apart.") { Target = endpoint };

    private static bool IsAuthentication(Exception exception) =>
        exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
        || exception is RedisException && (Mentions(exception, "WRONGPASS") || Mentions(exception, "NOAUTH") || Mentions(exception, "invalid password") || Mentions(exception, "AuthenticationFailure"));

    private static bool Starts(Exception exception, string code) => exception.Message.StartsWith(code, StringComparison.Ordinal);

    private static bool Mentions(Exception? exception, string text)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception.Message.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();
}
