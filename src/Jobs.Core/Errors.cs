namespace Jobs.Core;

/// <summary>What can go wrong, as stable names: also the error ids of the cmdlets.</summary>
public enum JobsError
{
    /// <summary>The store can't be reached.</summary>
    StoreUnreachable,
    /// <summary>User or password refused.</summary>
    StoreAuthenticationFailed,
    /// <summary>The server's certificate has expired, or is not valid yet.</summary>
    StoreCertificateExpired,
    /// <summary>The server's certificate is one for other hosts.</summary>
    StoreCertificateNameMismatch,
    /// <summary>Nobody whom this machine trusts vouches for the server's certificate.</summary>
    StoreCertificateNotTrusted,
    /// <summary>The server wants a certificate of the client.</summary>
    StoreClientCertificateRequired,
    /// <summary>The server speaks no TLS on this port.</summary>
    StoreTlsNotOffered,
    /// <summary>The server speaks nothing but TLS on this port.</summary>
    StoreTlsRequired,
    /// <summary>The server has no database of this number.</summary>
    DatabaseOutOfRange,
    /// <summary>The user may not do this.</summary>
    StorePermissionDenied,
    /// <summary>The store refused a write: read-only replica, out of memory, or disk trouble.</summary>
    StoreNotWritable,
    /// <summary>The namespace's jobs are laid out as another version of Jobs does.</summary>
    StoreLayoutNotSupported,
    /// <summary>The store answered with another error.</summary>
    StoreFailed,
    /// <summary>The configuration string or URL can't be read.</summary>
    InvalidConfiguration,
    /// <summary>A name of a type, queue, pool or namespace is not allowed.</summary>
    InvalidName,
    /// <summary>No job with this id.</summary>
    JobNotFound,
    /// <summary>The job has ended already.</summary>
    JobEnded,
    /// <summary>The job is executing.</summary>
    JobExecuting,
    /// <summary>The job has not ended yet.</summary>
    JobNotEnded,
    /// <summary>An unfinished job with this unique key exists.</summary>
    JobExists,
    /// <summary>The type is registered already.</summary>
    JobTypeExists,
    /// <summary>No such type.</summary>
    JobTypeNotFound,
    /// <summary>No recurring job with this unique key.</summary>
    ScheduleNotFound,
    /// <summary>No such pool.</summary>
    PoolNotFound,
    /// <summary>Something in the pool broke; it has given its jobs back and ended.</summary>
    PoolFailed,
    /// <summary>Priority outside −500,000 to 500,000.</summary>
    PriorityOutOfRange,
    /// <summary>Retries outside 0 to 1,000,000.</summary>
    RetriesOutOfRange,
    /// <summary>A duration is negative, zero or too long.</summary>
    DurationOutOfRange,
    /// <summary>A number is out of its range.</summary>
    ValueOutOfRange,
    /// <summary>No such time zone on this machine.</summary>
    TimeZoneNotFound,
    /// <summary>The cron expression can't be read, or never matches.</summary>
    InvalidCron,
    /// <summary>Options that exclude one another.</summary>
    InvalidSchedule,
    /// <summary>The data is over 1 MiB, too deep or not JSON.</summary>
    InvalidData,
    /// <summary>No server program to start a local store with.</summary>
    LocalServerNotFound,
    /// <summary>The local server did not start.</summary>
    LocalServerFailed,
    /// <summary>The data path of a local server can't be used, or would not be private.</summary>
    InvalidDataPath,
}

/// <summary>An error of the job store, with a stable code and a message that says what to do.</summary>
public class JobsException : Exception
{
    /// <summary>Makes one.</summary>
    public JobsException(JobsError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>The stable code.</summary>
    public JobsError Error { get; }

    /// <summary>What it is about: a job's id, a type's name, an endpoint.</summary>
    public string? Target { get; init; }
}

/// <summary>No job has this id: it was never scheduled here, was removed, or its history has been trimmed.</summary>
public sealed class JobNotFoundException(string id)
    : JobsException(JobsError.JobNotFound, $"No job with id '{id}' in this store: it was removed, its history was trimmed, or it belongs to another store or namespace.")
{
    /// <summary>The id.</summary>
    public string JobId { get; } = id;
}

/// <summary>An unfinished job with this unique key exists already.</summary>
public sealed class JobExistsException(string uniqueKey, string id)
    : JobsException(JobsError.JobExists, $"Job '{id}' with unique key '{uniqueKey}' has not ended yet. Wait for it, cancel it, or choose another key.")
{
    /// <summary>The id of the job that holds the key.</summary>
    public string JobId { get; } = id;
}

/// <summary>Jobs were scheduled in several steps, and one that was not the first failed. Its reason is this exception's too.</summary>
public sealed class PartlyScheduledException : JobsException
{
    internal PartlyScheduledException(IReadOnlyList<ScheduledJob> scheduled, int asked, JobsException reason)
        : base(reason.Error, $"{reason.Message} The first {scheduled.Count:N0} of {asked:N0} jobs are scheduled.", reason)
    {
        (Scheduled, Reason) = (scheduled, reason);
        Target = reason.Target;
    }

    /// <summary>The jobs that are in the store: the first of those asked for, in order.</summary>
    public IReadOnlyList<ScheduledJob> Scheduled { get; }

    /// <summary>Why the others are not, or are not known to be.</summary>
    public JobsException Reason { get; }
}
