using System.Management.Automation;

namespace Jobs.PowerShell;

/// <summary>An error in a handler's definition or in a job's data, with a stable id.</summary>
internal sealed class HandlerException : Exception, IContainsErrorRecord
{
    public HandlerException(string errorId, ErrorCategory category, string message, object? target = null, Exception? inner = null)
        : base(message, inner) => ErrorRecord = new ErrorRecord(this, errorId, category, target);

    public ErrorRecord ErrorRecord { get; }
}
