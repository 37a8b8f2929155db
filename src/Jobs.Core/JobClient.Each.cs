namespace Jobs.Core;

public sealed partial class JobClient
{
    /// <summary>Schedules many jobs; where one is refused by itself, the others all the same.</summary>
    /// <param name="requests">What to schedule.</param>
    /// <param name="isOnes">Whether an error is about one of them; what else there is ends it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<EachScheduled> ScheduleEachAsync(IReadOnlyList<JobRequest> requests, Func<JobsException, bool> isOnes, CancellationToken cancellationToken)
    {
        var each = new EachScheduled(requests);
        try
        {
            each.Add(await ScheduleAsync(requests, cancellationToken).ConfigureAwait(false));
            return each;
        }
        catch (JobsException e)
        {
            // Of a step of it all or none are stored.
            if (e is PartlyScheduledException partly) each.Add(partly.Scheduled);
            var reason = e is PartlyScheduledException { Reason: var inner } ? inner : e;
            if (!isOnes(reason)) return each.End(reason);
            if (each.Next == requests.Count - 1)
            {
                each.Refuse(reason);
                return each;
            }
        }
        while (each.Next < requests.Count)
        {
            try
            {
                each.Add([await ScheduleAsync(requests[each.Next], cancellationToken).ConfigureAwait(false)]);
            }
            catch (JobsException e)
            {
                if (!isOnes(e)) return each.End(e);
                each.Refuse(e);
            }
        }
        return each;
    }
}

/// <summary>What became of each of many requests, in their order.</summary>
internal sealed class EachScheduled(IReadOnlyList<JobRequest> requests)
{
    private readonly object[] _results = new object[requests.Count];

    /// <summary>How many have been scheduled or refused: the next one's number.</summary>
    public int Next { get; private set; }

    /// <summary>Why there is none for the others; null: there is one for each.</summary>
    public JobsException? Failure { get; private set; }

    public JobRequest Request(int i) => requests[i];

    /// <summary>The job; null: it was refused.</summary>
    public ScheduledJob? Job(int i) => _results[i] as ScheduledJob;

    /// <summary>Why it was refused.</summary>
    public JobsException Refusal(int i) => (JobsException)_results[i];

    public void Add(IReadOnlyList<ScheduledJob> jobs)
    {
        foreach (var job in jobs) _results[Next++] = job;
    }

    public void Refuse(JobsException reason) => _results[Next++] = reason;

    public EachScheduled End(JobsException reason)
    {
        Failure = reason;
        return this;
    }
}
