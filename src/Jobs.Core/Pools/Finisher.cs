using System.Globalization;
using System.Threading.Channels;
using Jobs.Core.Redis;
using Jobs.Core.Scheduling;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>
/// Brings outcomes to the store. While one batch is under way the next gathers (group commit). Outcomes are kept through an outage and
/// sent with their fences afterwards.
/// </summary>
internal sealed class Finisher(PoolContext pool, HeldRuns held, Action<ScheduledJob> ended, Action<string> retried, Action committed)
{
    private const int BatchSize = 250;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Channel<(JobRun Run, RunOutcome Outcome)> _outcomes =
        Channel.CreateUnbounded<(JobRun, RunOutcome)>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(JobRun run, RunOutcome outcome)
    {
        // Told here and not when the store has it: a retry may have begun by then.
        if (pool.IsVerbose) pool.Say(Describe(run, outcome), run.Job.Id);
        _outcomes.Writer.TryWrite((run, outcome));
    }

    /// <summary>No more outcomes will come.</summary>
    public void Complete() => _outcomes.Writer.TryComplete();

    /// <summary>Works until completed and empty, or told to give up.</summary>
    public async Task RunAsync(CancellationToken giveUp)
    {
        var batch = new List<(JobRun Run, RunOutcome Outcome)>(BatchSize);
        while (await _outcomes.Reader.WaitToReadAsync(giveUp).ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < BatchSize && _outcomes.Reader.TryRead(out var next)) batch.Add(next);
            var sending = new List<Task>(3);
            foreach (var kind in (ReadOnlySpan<RunOutcomeKind>)[RunOutcomeKind.Finished, RunOutcomeKind.Failed, RunOutcomeKind.Released])
            {
                var part = batch.FindAll(entry => entry.Outcome.Kind == kind);
                if (part.Count > 0) sending.Add(CommitAsync(kind, part, giveUp));
            }
            await Task.WhenAll(sending).ConfigureAwait(false);
            committed();
        }
    }

    private async Task CommitAsync(RunOutcomeKind kind, List<(JobRun Run, RunOutcome Outcome)> part, CancellationToken giveUp)
    {
        var (script, arguments) = kind switch
        {
            RunOutcomeKind.Finished => (Scripts.FinishJobs, Arguments(part, AppendFinished)),
            RunOutcomeKind.Failed => (Scripts.RetryOrFailJob, Arguments(part, AppendFailed)),
            _ => (Scripts.ReleaseJobs, Arguments(part, AppendReleased)),
        };
        var reply = (RedisResult[])(await SendAsync(script, arguments, part.Count, giveUp).ConfigureAwait(false))!;
        for (var i = 0; i < part.Count; i++) Settle(part[i].Run, part[i].Outcome, (string)reply[i]!);
    }

    /// <summary>Sends until the store has it. It may be sent twice: by its fence the store knows it again.</summary>
    private async Task<RedisResult> SendAsync(Script script, RedisValue[] arguments, int count, CancellationToken giveUp)
    {
        var warned = false;
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await pool.Store.SendAsync(script, arguments).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                if (!warned) pool.Warn($"The outcomes of {count} runs can't be stored now; they are kept and sent again. {StoreErrors.Explain(e, pool.Store.Endpoint).Message}");
                warned = true;
            }
            await Task.Delay(pause, pool.Time, giveUp).ConfigureAwait(false);
        }
    }

    private static RedisValue[] Arguments(List<(JobRun Run, RunOutcome Outcome)> part, Action<List<RedisValue>, JobRun, RunOutcome> append)
    {
        var arguments = new List<RedisValue>(part.Count * 8);
        foreach (var (run, outcome) in part)
        {
            arguments.Add(run.Job.Id);
            arguments.Add(run.Job.Fence);
            append(arguments, run, outcome);
        }
        return [.. arguments];
    }

    private void AppendFinished(List<RedisValue> arguments, JobRun run, RunOutcome outcome)
    {
        AppendTimes(arguments, run);
        arguments.Add(Next(run));
        arguments.Add(OutputJson.Write(outcome.Output));
        AppendLog(arguments, run);
    }

    private void AppendFailed(List<RedisValue> arguments, JobRun run, RunOutcome outcome)
    {
        var job = run.Job;
        AppendTimes(arguments, run);
        arguments.Add(JobHash.WriteError(outcome.Error!));
        var retry = job.Retries - job.RetriesLeft + 1;
        arguments.Add(outcome.IsFinal ? -1 : JobHash.Ms(Backoff.Delay(job.Backoff, job.RetryDelay, job.MaxRetryDelay, retry, Random.Shared.NextDouble())));
        arguments.Add(Next(run));
        AppendLog(arguments, run);
    }

    private void AppendReleased(List<RedisValue> arguments, JobRun run, RunOutcome outcome)
    {
        arguments.Add(outcome.Due is { } due ? due.ToUnixTimeMilliseconds() : RedisValue.EmptyString);
        arguments.Add(outcome.Error is { } reason ? JobHash.WriteError(reason) : RedisValue.EmptyString);
    }

    private void AppendTimes(List<RedisValue> arguments, JobRun run)
    {
        arguments.Add(pool.Clock.At(run.Began).ToUnixTimeMilliseconds());
        arguments.Add(pool.Clock.At(run.Ended).ToUnixTimeMilliseconds());
    }

    private static void AppendLog(List<RedisValue> arguments, JobRun run)
    {
        var log = run.Records?.Take().Log ?? [];
        arguments.Add(log.Count);
        foreach (var entry in log) arguments.Add(entry);
    }

    /// <summary>When a recurring job goes on; empty when it does not.</summary>
    private RedisValue Next(JobRun run)
    {
        var job = run.Job;
        if (run.Recurrence is not { } recurrence) return RedisValue.EmptyString;
        try
        {
            return recurrence.NextAfterRun(job.Occurrence ?? job.Due ?? job.Created, pool.Clock.Now, job.Missed).ToUnixTimeMilliseconds();
        }
        catch (JobsException e)
        {
            pool.Warn($"Recurring job {job.Id} ({job.Type}) can't go on: {e.Message}", job.Id);
            return RedisValue.EmptyString;
        }
    }

    private void Settle(JobRun run, RunOutcome outcome, string became)
    {
        held.Remove(run);
        if (became is "stale" or "gone")
        {
            if (outcome.Kind == RunOutcomeKind.Released) return; // nothing was to be kept
            pool.Warn($"The outcome of job {run.Job.Id} ({run.Job.Type}) was dropped: " +
                (became == "gone" ? "the job has been removed." : "its lease had ended and the job went on without it."), run.Job.Id);
            return;
        }
        if (outcome.Kind == RunOutcomeKind.Released && became != "cancelled") return;
        if (IsRetried(run.Job, outcome, became)) retried(run.Job.Id);
        else ended(AsEnded(run, outcome, became));
    }

    private static bool IsRetried(ScheduledJob job, RunOutcome outcome, string became) =>
        outcome.Kind == RunOutcomeKind.Failed
        && (became is "scheduled" or "queued" or "saved" && !job.IsRecurring || became is "scheduled" or "queued" && job.IsRecurring && job.RetriesLeft > 0);

    private string Describe(JobRun run, RunOutcome outcome)
    {
        var job = $"Job {run.Job.Id} ({run.Job.Type})";
        if (outcome.Kind == RunOutcomeKind.Released) return $"{job} goes back to its queue.";
        var time = string.Create(CultureInfo.InvariantCulture, $"{pool.Time.GetElapsedTime(run.Began, run.Ended).TotalMilliseconds:N0} ms");
        if (outcome.Kind != RunOutcomeKind.Failed) return $"{job} finished after {time}, attempt {run.Attempt}.";
        var retry = outcome.IsFinal || run.Job.RetriesLeft == 0 ? "no retry is left" : $"retries left: {run.Job.RetriesLeft}";
        return $"{job} failed after {time}, attempt {run.Attempt}, {retry}: {outcome.Error?.Message}";
    }

    private ScheduledJob AsEnded(JobRun run, RunOutcome outcome, string became) => run.Job with
    {
        // A recurring job goes on; told here is how this run of it ended.
        Status = became == "cancelled" ? JobStatus.Cancelled : outcome.Kind == RunOutcomeKind.Failed ? JobStatus.Failed : JobStatus.Finished,
        Started = pool.Clock.At(run.Began),
        Finished = pool.Clock.At(run.Ended),
        Duration = pool.Time.GetElapsedTime(run.Began, run.Ended),
        Error = outcome.Error,
    };
}
