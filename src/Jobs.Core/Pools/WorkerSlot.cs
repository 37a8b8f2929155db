using System.Diagnostics.CodeAnalysis;

namespace Jobs.Core;

/// <summary>A worker's end of the pool.</summary>
public sealed class WorkerSlot
{
    /// <summary>0 to workers − 1.</summary>
    public int Number => throw new NotImplementedException();

    /// <summary>Fires when the pool needs this worker no more: it is stopping for good, or has put another in its place.</summary>
    public CancellationToken Closed => throw new NotImplementedException();

    /// <summary>Takes the next run if there is one now. The run's clock starts here.</summary>
    public bool TryTake([NotNullWhen(true)] out JobRun? run) => throw new NotImplementedException();

    /// <summary>Takes the next run, waiting for it; null: the worker is to end.</summary>
    public ValueTask<JobRun?> TakeAsync() => throw new NotImplementedException();
}
