using System.Text.Json;
using System.Text.Json.Serialization;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>The first line to a job's process: all it needs to run one job.</summary>
internal sealed record ChildRequest
{
    public required ScheduledJob Job { get; init; }

    public required string PoolId { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public required HandlerParcel Handler { get; init; }

    public HandlerParcel? Initialization { get; init; }

    public IReadOnlyList<string> Modules { get; init; } = [];

    public string LanguageMode { get; init; } = "";

    /// <summary>The pool's store, for handlers that schedule jobs themselves.</summary>
    public required StoreOptions Store { get; init; }
}

/// <summary>A line from a job's process: one of a log entry, progress, or the end.</summary>
internal sealed record ChildMessage
{
    /// <summary>The entry's <see cref="JobLogLevel"/>; a number, since PowerShell looks at this type before it can load the engine's.</summary>
    public int? Level { get; init; }

    public string? Text { get; init; }

    public JobProgress? Progress { get; init; }

    public bool IsEnd { get; init; }

    public JobOutput? Output { get; init; }

    public JobError? Error { get; init; }

    /// <summary>Of the last program that the handler ran.</summary>
    public int ExitCode { get; init; }

    /// <summary>Each message is one line.</summary>
    public static JsonSerializerOptions Format { get; } = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };
}
