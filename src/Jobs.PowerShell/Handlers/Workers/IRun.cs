using System.Diagnostics.CodeAnalysis;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>One job on its way, as the pump sees it: the engine's <see cref="JobRun"/>, or a test's.</summary>
internal interface IRun
{
    ScheduledJob Job { get; }

    string PoolId { get; }

    DateTimeOffset? Deadline { get; }

    CancellationToken Stopping { get; }

    StopReason StopReason { get; }

    /// <summary>The jobs that this one waited for.</summary>
    IReadOnlyList<JobParent> ReadParents() => [];

    void Report(JobProgress progress);

    void Log(JobLogLevel level, string message);

    void Succeed(JobOutput? output);

    void Fail(JobError error);
}

/// <summary>Where runs come from.</summary>
internal interface IRunSource
{
    CancellationToken Closed { get; }

    bool TryTake([NotNullWhen(true)] out IRun? run);

    /// <summary>Waits for a run on the calling thread; null: there are no more.</summary>
    IRun? Take();
}
