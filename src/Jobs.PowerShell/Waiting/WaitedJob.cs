using Jobs.Core;

namespace Jobs.PowerShell.Waiting;

/// <summary>A job that is waited for: until it has ended or, as a repeated one never does, until a run of it has.</summary>
internal sealed class WaitedJob(string id)
{
    private ScheduledJob? _first;

    public string Id => id;

    /// <summary>As last read; null: there is none.</summary>
    public ScheduledJob? Job { get; private set; }

    public bool IsOver { get; private set; }

    public void See(ScheduledJob? read)
    {
        _first ??= read;
        Job = read;
        IsOver = read is null || read.HasEnded || (read.IsRecurring && RunHasEnded(_first!, read));
    }

    // A failed attempt that is to be retried ends too, but its occurrence stays.
    private static bool RunHasEnded(ScheduledJob first, ScheduledJob now) =>
        now.Finished != first.Finished && (now.Occurrence is null || now.Occurrence != first.Occurrence);
}
