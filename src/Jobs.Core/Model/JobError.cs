namespace Jobs.Core;

/// <summary>Why an attempt failed, as kept on the job.</summary>
public sealed record JobError
{
    /// <summary>What went wrong, in one or a few lines.</summary>
    public required string Message { get; init; }

    /// <summary>Full name of the exception's type, or a name of the engine's such as <c>Jobs.TimedOut</c>.</summary>
    public string? Type { get; init; }

    /// <summary>PowerShell's error category, where the handler is a script.</summary>
    public string? Category { get; init; }

    /// <summary>PowerShell's fully qualified error id, where the handler is a script.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The script's or the exception's stack trace.</summary>
    public string? StackTrace { get; init; }

    /// <summary>File, line, column and text of the place in the script.</summary>
    public string? Position { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;

    /// <summary>Describes an exception thrown by a compiled handler.</summary>
    public static JobError From(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new JobError
        {
            Message = exception.Message,
            Type = exception.GetType().FullName,
            StackTrace = exception.StackTrace,
        };
    }
}
