using System.Management.Automation;

namespace Jobs.PowerShell.Waiting;

/// <summary>The error of a wait that took too long.</summary>
internal static class WaitErrors
{
    public static ErrorRecord TimedOut(string message, object target) =>
        new(new TimeoutException(message), "WaitTimedOut", ErrorCategory.OperationTimeout, target);
}
