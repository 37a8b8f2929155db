using System.Diagnostics.CodeAnalysis;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Workers;

/// <summary>The engine's slot as the pump sees it. The interfaces are this assembly's own, since PowerShell looks at its types before the engine can be loaded.</summary>
internal sealed class SlotSource(WorkerSlot slot) : IRunSource
{
    public CancellationToken Closed => slot.Closed;

    public bool TryTake([NotNullWhen(true)] out IRun? run)
    {
        run = slot.TryTake(out var taken) ? new SlotRun(taken) : null;
        return run is not null;
    }

    public IRun? Take()
    {
        var next = slot.TakeAsync();
        var taken = next.IsCompletedSuccessfully ? next.Result : next.AsTask().GetAwaiter().GetResult();
        return taken is null ? null : new SlotRun(taken);
    }

    private sealed class SlotRun(JobRun run) : IRun
    {
        public ScheduledJob Job => run.Job;

        public string PoolId => run.PoolId;

        public DateTimeOffset? Deadline => run.Deadline;

        public CancellationToken Stopping => run.Stopping;

        public StopReason StopReason => run.StopReason;

        public IReadOnlyList<JobParent> ReadParents() => run.GetParentsAsync(run.Stopping).GetAwaiter().GetResult();

        public void Report(JobProgress progress) => run.Report(progress);

        public void Log(JobLogLevel level, string message) => run.Log(level, message);

        public void Succeed(JobOutput? output) => run.Succeed(output);

        public void Fail(JobError error) => run.Fail(error);
    }
}
