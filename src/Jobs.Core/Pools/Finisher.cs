using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Jobs.Core.Redis;
using Jobs.Core.Scheduling;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>
/// Brings outcomes to the store. While one batch is under way the next gathers (group commit). Outcomes are kept through an outage and
/// sent with their fences afterwards.
/// </summary>
internal sealed class Finisher(PoolContext pool, HeldRuns held, Reporter reporter, Action<JobRun, JobStatus, JobError?> ended, Action<string> retried, Action committed, Action leftUnsettled)
{
    private const int BatchSize = 250;

    /// <summary>What an outcome takes beside its output, error and log.</summary>
    private const int Frame = 512;

    /// <summary>So much may wait: enough to keep a link busy, and no more memory than that.</summary>
    private const long MostUnsent = 4 * CallSize.Most;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Channel<Unsent> _outcomes = Channel.CreateUnbounded<Unsent>(new UnboundedChannelOptions { SingleReader = true });
    private long _unsentBytes;

    /// <summary>More outcomes wait than should: nothing is to be begun that would add to them.</summary>
    public bool IsFull => Interlocked.Read(ref _unsentBytes) > MostUnsent;

    /// <summary>How long the store may take until the next of what waits is stored.</summary>
    public TimeSpan TimeForNext => pool.Store.TimeFor(Math.Min(Interlocked.Read(ref _unsentBytes), CallSize.Most));

    public void Add(JobRun run, RunOutcome outcome)
    {
        // Told here and not when the store has it: a retry may have begun by then.
        if (pool.IsVerbose) pool.Say(Describe(run, outcome), run.Job.Id);
        var unsent = Prepare(run, outcome);
        Interlocked.Add(ref _unsentBytes, unsent.Bytes);
        held.Weigh(unsent.Bytes);
        _outcomes.Writer.TryWrite(unsent);
    }

    /// <summary>No more outcomes will come.</summary>
    public void Complete() => _outcomes.Writer.TryComplete();

    /// <summary>Works until completed and empty, or told to give up.</summary>
    public async Task RunAsync(CancellationToken giveUp)
    {
        // One for each kind that is sent, found by its number.
        Part[] parts = [new(RunOutcomeKind.Finished), new(RunOutcomeKind.Failed), new(RunOutcomeKind.Released)];
        while (await _outcomes.Reader.WaitToReadAsync(giveUp).ConfigureAwait(false))
        {
            var (count, bytes, room, haveRecords) = (0, 0L, pool.Store.Room, false);
            while (count < BatchSize && _outcomes.Reader.TryPeek(out var next) && (bytes + next.Bytes <= room || count == 0))
            {
                _outcomes.Reader.TryRead(out _);
                parts[(int)next.Outcome.Kind].Outcomes.Add(next);
                count++;
                bytes += next.Bytes;
                haveRecords |= next.Run.Records is not null;
            }
            if (haveRecords) await reporter.SettleAsync(giveUp).ConfigureAwait(false);
            await Task.WhenAll(parts.Where(part => part.Outcomes.Count > 0).Select(part => CommitAsync(part, giveUp))).ConfigureAwait(false);
            Interlocked.Add(ref _unsentBytes, -bytes);
            committed();
        }
    }

    /// <summary>An outcome as it is kept until the store has it: its output or error in the form that is sent.</summary>
    private static Unsent Prepare(JobRun run, RunOutcome outcome)
    {
        var body = outcome.Error is { } error ? Encoding.UTF8.GetBytes(JobHash.WriteError(error)) : OutputJson.Write(outcome.Output);
        return new Unsent(run, outcome.WithoutOutput(), body, Frame + body.Length + (run.Records?.Bytes ?? 0) + CallSize.Of(run.Job.Data));
    }

    private async Task CommitAsync(Part part, CancellationToken giveUp)
    {
        var (script, arguments) = part.Kind switch
        {
            RunOutcomeKind.Finished => (Scripts.FinishJobs, Arguments(part, AppendFinished)),
            RunOutcomeKind.Failed => (Scripts.RetryOrFailJob, Arguments(part, AppendFailed)),
            _ => (Scripts.ReleaseJobs, Arguments(part, AppendReleased)),
        };
        var outcomes = part.Outcomes;
        var reply = (RedisResult[])(await SendAsync(script, arguments, CallSize.Of(arguments), outcomes.Count, giveUp).ConfigureAwait(false))!;
        var became = "";
        for (var i = 0; i < outcomes.Count; i++)
        {
            became = Text((RedisValue)reply[i], became);
            Settle(outcomes[i].Run, outcomes[i].Outcome, became);
        }
        if (reply.Length > outcomes.Count) leftUnsettled();
        outcomes.Clear();
    }

    /// <summary>A word of a reply; the last one itself where it is the same, as it mostly is.</summary>
    private static string Text(RedisValue word, string last)
    {
        Span<byte> text = stackalloc byte[last.Length];
        return word.Length() == text.Length && word.CopyTo(text) == text.Length && Ascii.Equals(text, last) ? last : word.ToString();
    }

    /// <summary>Sends until the store has it. It may be sent twice: by its fence the store knows it again.</summary>
    private async Task<RedisResult> SendAsync(Script script, RedisValue[] arguments, long bytes, int count, CancellationToken giveUp)
    {
        var warned = false;
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var sent = pool.Time.GetTimestamp();
                var reply = await pool.Store.SendAsync(script, pool.Store.Keys.Fixed, arguments, bytes).WaitAsync(giveUp).ConfigureAwait(false);
                pool.Store.Passed(bytes, pool.Time.GetElapsedTime(sent));
                return reply;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
            {
                if (!warned) pool.Warn($"The outcomes of {count} runs can't be stored now; they are kept and sent again. {StoreErrors.Explain(e, pool.Store.Endpoint).Message}");
                warned = true;
            }
            await pool.Store.PauseAsync(pause, giveUp).ConfigureAwait(false);
            giveUp.ThrowIfCancellationRequested();
        }
    }

    private static RedisValue[] Arguments(Part part, Action<List<RedisValue>, Unsent> append)
    {
        var arguments = part.Arguments;
        arguments.Clear();
        foreach (var unsent in part.Outcomes)
        {
            arguments.Add(unsent.Run.Job.Id);
            arguments.Add(unsent.Run.Job.Fence);
            append(arguments, unsent);
        }
        return [.. arguments];
    }

    private void AppendFinished(List<RedisValue> arguments, Unsent unsent)
    {
        var run = unsent.Run;
        arguments.Add(run.Job.Type);
        AppendTimes(arguments, run);
        if (run is { Recurrence: null, Records: null } && unsent.Body.Length == 0)
        {
            // Most runs have no more to tell.
            arguments.Add("-");
            return;
        }
        arguments.Add(Next(run));
        arguments.Add(unsent.Body);
        AppendRecords(arguments, run);
    }

    private void AppendFailed(List<RedisValue> arguments, Unsent unsent)
    {
        var job = unsent.Run.Job;
        AppendTimes(arguments, unsent.Run);
        arguments.Add(unsent.Body);
        var retry = job.Retries - job.RetriesLeft + 1;
        arguments.Add(unsent.Outcome.IsFinal ? -1 : JobHash.Ms(Backoff.Delay(job.Backoff, job.RetryDelay, job.MaxRetryDelay, retry, Random.Shared.NextDouble())));
        arguments.Add(Next(unsent.Run));
        AppendRecords(arguments, unsent.Run);
    }

    private void AppendReleased(List<RedisValue> arguments, Unsent unsent)
    {
        arguments.Add(unsent.Outcome.Due is { } due ? due.ToUnixTimeMilliseconds() : RedisValue.EmptyString);
        arguments.Add(unsent.Body);
        AppendRecords(arguments, unsent.Run);
    }

    private static void AppendRecords(List<RedisValue> arguments, JobRun run) => (run.Records?.Take() ?? Said.Nothing).AppendTo(arguments);

    private void AppendTimes(List<RedisValue> arguments, JobRun run)
    {
        arguments.Add(pool.Clock.At(run.Began).ToUnixTimeMilliseconds());
        arguments.Add(pool.Clock.At(run.Ended).ToUnixTimeMilliseconds());
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
        // A recurring job goes on; told here is how this run of it ended.
        else ended(run, became == "cancelled" ? JobStatus.Cancelled : outcome.Kind == RunOutcomeKind.Failed ? JobStatus.Failed : JobStatus.Finished, outcome.Error);
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

    /// <summary>The outcomes of a batch that one script takes. Kept from batch to batch, with the room that they took.</summary>
    private sealed class Part(RunOutcomeKind kind)
    {
        public RunOutcomeKind Kind => kind;

        public List<Unsent> Outcomes { get; } = [];

        public List<RedisValue> Arguments { get; } = [];
    }

    private readonly record struct Unsent(JobRun Run, RunOutcome Outcome, byte[] Body, int Bytes);
}
