using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell;

/// <summary>Turns the engine's errors into PowerShell's: the error's name is the id.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord From(JobsException exception, object? target = null)
    {
        var record = new ErrorRecord(exception, exception.Error.ToString(), CategoryOf(exception.Error), target ?? exception.Target);
        // A message may name what others stored, such as a unique key.
        if (DisplayText.Escape(exception.Message) is var shown && shown != exception.Message) record.ErrorDetails = new ErrorDetails(shown);
        return record;
    }

    /// <summary>The record of an error of the engine or of a handler's definition; null for any other exception.</summary>
    public static ErrorRecord? TryFrom(Exception exception) => exception switch
    {
        JobsException error => From(error),
        // PowerShell's own errors carry records too, and find their way by themselves.
        IContainsErrorRecord contained when exception is not RuntimeException => contained.ErrorRecord,
        _ => null,
    };

    private static ErrorCategory CategoryOf(JobsError error) => error switch
    {
        JobsError.StoreUnreachable or JobsError.StoreFailed => ErrorCategory.ConnectionError,
        JobsError.StoreTlsNotOffered or JobsError.StoreTlsRequired => ErrorCategory.ConnectionError,
        JobsError.StoreAuthenticationFailed or JobsError.StoreClientCertificateRequired => ErrorCategory.AuthenticationError,
        JobsError.StoreCertificateExpired or JobsError.StoreCertificateNameMismatch or JobsError.StoreCertificateNotTrusted => ErrorCategory.SecurityError,
        JobsError.StorePermissionDenied => ErrorCategory.PermissionDenied,
        JobsError.StoreNotWritable => ErrorCategory.WriteError,
        JobsError.PoolFailed => ErrorCategory.OperationStopped,
        JobsError.JobNotFound or JobsError.JobTypeNotFound or JobsError.PoolNotFound or JobsError.ScheduleNotFound => ErrorCategory.ObjectNotFound,
        JobsError.JobEnded or JobsError.JobExecuting or JobsError.JobNotEnded => ErrorCategory.InvalidOperation,
        JobsError.JobExists or JobsError.JobTypeExists => ErrorCategory.ResourceExists,
        JobsError.InvalidData => ErrorCategory.InvalidData,
        JobsError.LocalServerNotFound => ErrorCategory.NotInstalled,
        JobsError.LocalServerFailed => ErrorCategory.ResourceUnavailable,
        _ => ErrorCategory.InvalidArgument,
    };
}
