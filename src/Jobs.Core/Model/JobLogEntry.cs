namespace Jobs.Core;

/// <summary>The stream a log entry was written to.</summary>
public enum JobLogLevel
{
    /// <summary>Debug stream.</summary>
    Debug,
    /// <summary>Verbose stream.</summary>
    Verbose,
    /// <summary>Information stream, and what is written to the host.</summary>
    Information,
    /// <summary>Warning stream.</summary>
    Warning,
    /// <summary>Error stream.</summary>
    Error,
}

/// <summary>One line a handler wrote beside its output.</summary>
/// <param name="Time">When, by the pool's clock.</param>
/// <param name="Level">To which stream.</param>
/// <param name="Message">The text.</param>
/// <param name="Attempt">In which attempt, counted from 1.</param>
public sealed record JobLogEntry(DateTimeOffset Time, JobLogLevel Level, string Message, int Attempt);
