namespace Jobs.Core.Pools;

internal enum RunOutcomeKind
{
    Finished,
    Failed,
    Released,
    Dropped,
}

/// <summary>How a run ended, on its way to the store.</summary>
internal sealed record RunOutcome(RunOutcomeKind Kind)
{
    private static readonly RunOutcome FinishedEmpty = new(RunOutcomeKind.Finished);
    private static readonly RunOutcome ReleasedNow = new(RunOutcomeKind.Released);

    /// <summary>Nothing is said to the store: the lease is lost, or is to lapse.</summary>
    public static RunOutcome Dropped { get; } = new(RunOutcomeKind.Dropped);

    public JobOutput? Output { get; private init; }

    public JobError? Error { get; private init; }

    /// <summary>When a released job is due again; null: at once.</summary>
    public DateTimeOffset? Due { get; private init; }

    /// <summary>A failure that must not be repeated, whatever retries are left.</summary>
    public bool IsFinal { get; private init; }

    public static RunOutcome Finished(JobOutput? output) => output is null ? FinishedEmpty : new(RunOutcomeKind.Finished) { Output = output };

    public static RunOutcome Failed(JobError error, bool isFinal = false) => new(RunOutcomeKind.Failed) { Error = error, IsFinal = isFinal };

    /// <summary>Without what is kept elsewhere by then.</summary>
    public RunOutcome WithoutOutput() => Output is null ? this : FinishedEmpty;

    /// <summary>It goes back to its place in the queue.</summary>
    public static RunOutcome Released() => ReleasedNow;

    /// <summary>It waits for its next regular time.</summary>
    public static RunOutcome PutOff(DateTimeOffset due) => new(RunOutcomeKind.Released) { Due = due };

    /// <summary>This pool can't run it; another may.</summary>
    public static RunOutcome Declined(DateTimeOffset due, JobError reason) => new(RunOutcomeKind.Released) { Due = due, Error = reason };
}

/// <summary>Who is told what becomes of a run.</summary>
internal interface IRunKeeper
{
    void Began(JobRun run);

    void Recorded(JobRun run);

    void Over(JobRun run, RunOutcome outcome, bool began);

    /// <summary>Its handler goes on, unheeded: its worker must be replaced.</summary>
    void Abandoned(JobRun run);
}
