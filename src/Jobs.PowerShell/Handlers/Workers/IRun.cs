using System.Diagnostics.CodeAnalysis;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>What a handler is told of its run.</summary>
internal interface IRunInfo
{
    ScheduledJob Job { get; }

    string PoolId { get; }

    DateTimeOffset? Deadline { get; }

    CancellationToken Stopping { get; }

    /// <summary>The jobs that this one waited for.</summary>
    IReadOnlyList<JobParent> ReadParents() => [];
}

/// <summary>One job on its way, as the pump sees it: the engine's <see cref="JobRun"/>, or a test's.</summary>
internal interface IRun : IRunInfo
{
    StopReason StopReason { get; }

    void Report(JobProgress progress);

    void Log(JobLogLevel level, string message);

    /// <summary>The handler ended well.</summary>
    /// <param name="output">What it put out.</param>
    /// <param name="exitCode">Of the last program that it ran; 0 also where that is of no interest.</param>
    void Succeed(JobOutput? output, int exitCode = 0);

    /// <summary>The handler failed or was stopped.</summary>
    /// <param name="error">Why.</param>
    /// <param name="exitCode">Of the last program that it ran, if any.</param>
    void Fail(JobError error, int exitCode = 0);

    /// <summary>Gives the job back: the attempt does not count.</summary>
    void Release();
}

/// <summary>Where runs come from.</summary>
internal interface IRunSource
{
    CancellationToken Closed { get; }

    bool TryTake([NotNullWhen(true)] out IRun? run);

    /// <summary>Waits for a run on the calling thread; null: there are no more.</summary>
    /// <param name="leave">Ends the wait, by throwing; the next call takes it up again.</param>
    IRun? Take(CancellationToken leave);
}
