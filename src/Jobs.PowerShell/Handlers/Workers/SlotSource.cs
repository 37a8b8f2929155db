using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Jobs.Core;
using Jobs.PowerShell.Pools;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>The engine's slot as the pump sees it. The interfaces are this assembly's own, since PowerShell looks at its types before the engine can be loaded.</summary>
/// <param name="slot">The slot.</param>
/// <param name="isInterrupted">Whether a signal to this process explains that a program of a pool's run, begun at a timestamp, ended with an exit code.</param>
internal sealed class SlotSource(WorkerSlot slot, Func<string, long, int, bool>? isInterrupted) : IRunSource
{
    public CancellationToken Closed => slot.Closed;

    public bool TryTake([NotNullWhen(true)] out IRun? run)
    {
        run = slot.TryTake(out var taken) ? new SlotRun(taken, isInterrupted) : null;
        return run is not null;
    }

    public IRun? Take(CancellationToken leave) => slot.Take(leave) is { } taken ? new SlotRun(taken, isInterrupted) : null;

    private sealed class SlotRun(JobRun run, Func<string, long, int, bool>? isInterrupted) : IRun
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        public ScheduledJob Job => run.Job;

        public string PoolId => run.PoolId;

        public DateTimeOffset? Deadline => run.Deadline;

        public CancellationToken Stopping => run.Stopping;

        public StopReason StopReason => run.StopReason;

        public IReadOnlyList<JobParent> ReadParents() => run.GetParentsAsync(run.Stopping).GetAwaiter().GetResult();

        public void Report(JobProgress progress) => run.Report(progress);

        public void Log(JobLogLevel level, string message) => run.Log(level, message);

        public void Succeed(JobOutput? output, int exitCode)
        {
            // Where errors are not to matter a handler goes on without the program.
            if (Interruptions.IsOfSignal(exitCode) && IsInterrupted(exitCode)) run.Release();
            else run.Succeed(output);
        }

        public void Fail(JobError error, int exitCode)
        {
            if (IsInterrupted(exitCode)) run.Release();
            else run.Fail(error);
        }

        public void Release() => run.Release();

        private bool IsInterrupted(int exitCode) => exitCode != 0 && isInterrupted is not null && isInterrupted(PoolId, _began, exitCode);
    }
}
