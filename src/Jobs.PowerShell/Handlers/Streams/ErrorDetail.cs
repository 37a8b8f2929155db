using System.Management.Automation;
using System.Reflection;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Streams;

/// <summary>PowerShell's errors as the engine keeps them.</summary>
internal static class ErrorDetail
{
    private const int MaxFrames = 50;

    /// <param name="exception">What was thrown.</param>
    /// <param name="isDirect">Whether the handler was called with no script around it, whose frame the trace would end with.</param>
    public static JobError Of(Exception exception, bool isDirect = false) =>
        exception is IContainsErrorRecord { ErrorRecord: { } record } ? Of(record, exception, isDirect) : Of(new ErrorRecord(exception, exception.GetType().Name, ErrorCategory.NotSpecified, null), exception, isDirect);

    /// <inheritdoc cref="Of(Exception, bool)"/>
    public static JobError Of(ErrorRecord record, bool isDirect = false) => Of(record, record.Exception, isDirect);

    /// <summary>The run was told to stop.</summary>
    public static JobError Stopped(StopReason reason) => reason switch
    {
        StopReason.Cancelled => new JobError { Message = "The job was cancelled while it ran.", Type = "Jobs.Cancelled", Category = nameof(ErrorCategory.OperationStopped) },
        StopReason.TimedOut => new JobError { Message = "The job ran longer than its time-out.", Type = "Jobs.TimedOut", Category = nameof(ErrorCategory.OperationTimeout) },
        StopReason.PoolStopping => new JobError { Message = "The pool stopped while the job ran.", Type = "Jobs.PoolStopping", Category = nameof(ErrorCategory.OperationStopped) },
        StopReason.LeaseLost => new JobError { Message = "The job's lease was lost while it ran.", Type = "Jobs.LeaseLost", Category = nameof(ErrorCategory.OperationStopped) },
        _ => new JobError { Message = "The handler's pipeline was stopped from within.", Type = typeof(PipelineStoppedException).FullName, Category = nameof(ErrorCategory.OperationStopped) },
    };

    /// <summary>The handler said <c>exit n</c>.</summary>
    public static JobError Exited(int code) => new()
    {
        Message = $"The handler ended with exit code {code}.",
        Type = "Jobs.ExitCode",
        Category = nameof(ErrorCategory.FromStdErr),
        ErrorId = $"ExitCode{code}",
    };

    /// <summary>What is said of a handler that <c>break</c> or <c>continue</c> ended. As in a script that is no error, but mostly not what was meant.</summary>
    public static string LoopLeft(LoopFlowException e) => $"'{(e is BreakException ? "break" : "continue")}' outside a loop ended the handler.";

    /// <summary>The worker's own pipeline failed before the handler.</summary>
    public static JobError NotBegun() => new() { Message = "The worker's runspace can't run anything: its initialization script or a module broke it.", Type = "Jobs.RunspaceBroken" };

    private static JobError Of(ErrorRecord record, Exception exception, bool isDirect)
    {
        // A terminating error that the policy made of a record tells the record's own story.
        if (exception is ActionPreferenceStopException { ErrorRecord: { } inner } && !ReferenceEquals(inner, record)) record = inner;
        var position = record.InvocationInfo?.PositionMessage;
        return new JobError
        {
            Message = record.ToString(),
            Type = TypeOf(record, exception).FullName,
            Category = record.CategoryInfo.Category.ToString(),
            // What is thrown without an id has its message there.
            ErrorId = record.FullyQualifiedErrorId is { } id && id != record.Exception?.Message && id != record.ToString() ? id : TypeOf(record, exception).Name,
            StackTrace = Trace(record, exception, isDirect),
            Position = string.IsNullOrWhiteSpace(position) || position.Contains("& $jobHandler @", StringComparison.Ordinal) ? null : Dedent(position),
        };
    }

    /// <summary>
    /// The position without the blanks that the quoted lines have in common: a block's text stands where it stood in its file, with nothing before it.
    /// </summary>
    private static string Dedent(string position)
    {
        var lines = position.Split('\n');
        var quoted = lines.Where(line => line.StartsWith("+ ", StringComparison.Ordinal)).Select(line => line.AsSpan(2).IndexOfAnyExcept(' ')).Where(indent => indent >= 0).ToList();
        var common = quoted.Count == 0 ? 0 : quoted.Min();
        return string.Join('\n', lines.Select(line => common > 0 && line.StartsWith("+ ", StringComparison.Ordinal) ? "+ " + line[Math.Min(2 + common, line.Length)..] : line));
    }

    private static Type TypeOf(ErrorRecord record, Exception exception)
    {
        // An exception's own record holds a stand-in for the exception.
        var innermost = Innermost(record.Exception is null or ParentContainsErrorRecordException ? exception : record.Exception);
        return innermost is ParentContainsErrorRecordException ? typeof(RuntimeException) : innermost.GetType();
    }

    /// <summary>What a .NET method threw, rather than what PowerShell wrapped it in.</summary>
    private static Exception Innermost(Exception exception)
    {
        while (true)
        {
            var inner = exception switch
            {
                ActionPreferenceStopException { ErrorRecord.Exception: { } stopped } => stopped,
                MethodInvocationException or CmdletInvocationException or CmdletProviderInvocationException or TargetInvocationException
                    or GetValueInvocationException or SetValueInvocationException or AggregateException { InnerExceptions.Count: 1 } => exception.InnerException,
                RuntimeException { InnerException: { } wrapped } when exception.GetType() == typeof(RuntimeException) && exception.Message == wrapped.Message => wrapped,
                _ => null,
            };
            if (inner is null || ReferenceEquals(inner, exception)) return exception;
            exception = inner;
        }
    }

    private static string? Trace(ErrorRecord record, Exception exception, bool isDirect)
    {
        var trace = record.ScriptStackTrace;
        if (string.IsNullOrEmpty(trace)) return exception.StackTrace;
        if (isDirect) return Shorten(trace);
        // The last frame is the call from the pump.
        var end = trace.LastIndexOf('\n');
        return end < 0 ? null : Shorten(trace[..end].TrimEnd('\r'));
    }

    /// <summary>A recursion that overflows has thousands of frames.</summary>
    private static string Shorten(string trace)
    {
        var end = 0;
        for (var frame = 0; frame < MaxFrames; frame++)
        {
            end = trace.IndexOf('\n', end) + 1;
            if (end == 0) return trace;
        }
        return trace[..end] + "…";
    }
}
