using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Waiting;

/// <summary>The errors of waits: that one took too long, and that a job did not end well.</summary>
internal static class WaitErrors
{
    public static ErrorRecord TimedOut(string message, object target) =>
        new(new TimeoutException(message), "WaitTimedOut", ErrorCategory.OperationTimeout, target);

    /// <summary>JobFailed or JobCancelled; null for a job that ended well, or whose last run did.</summary>
    /// <param name="job">The job.</param>
    /// <param name="target">What the error is about.</param>
    public static ErrorRecord? Ending(ScheduledJob job, object target)
    {
        var failed = job.Status == JobStatus.Failed || job is { IsRecurring: true, HasEnded: false, Error: not null };
        if (!failed && job.Status != JobStatus.Cancelled) return null;
        var why = job.Error is { Message: { Length: > 0 } message } ? $": {DisplayText.Escape(message)}" : ".";
        return new ErrorRecord(new RuntimeException($"Job {job.Id} of type {job.Type} {(failed ? "failed" : "was cancelled")}{why}"), failed ? "JobFailed" : "JobCancelled", ErrorCategory.OperationStopped, target);
    }
}
