using Jobs.Core.Redis;
using Jobs.Core.Scheduling;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>Schedules, queries and changes jobs: the second door a C# user comes through.</summary>
/// <remarks>All methods throw <see cref="JobsException"/>, with StoreUnreachable when Redis does not answer.</remarks>
public sealed partial class JobClient
{
    /// <summary>How many jobs one call of a script takes.</summary>
    private const int ChunkSize = 500;

    private const int MostArguments = 50_000;

    private readonly StoreConnection _store;
    private readonly JobTypeRegistry _types;
    private readonly JobIds _ids;

    /// <summary>A client of a store; the registry's types give their defaults to jobs.</summary>
    public JobClient(JobStore store, JobTypeRegistry types)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(types);
        (_store, _types) = (store.Connection, types);
        _ids = new JobIds(_store.Time);
    }

    /// <summary>Schedules one job. Returns the job, or the unfinished one that holds its unique key.</summary>
    public async Task<ScheduledJob> ScheduleAsync(JobRequest request, CancellationToken cancellationToken = default) =>
        (await ScheduleAsync([request], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Schedules many jobs, in order. What is wrong with any of them is found before the first is stored; up to 500, or 4 MB, are stored in one step: all or none of them.</summary>
    /// <exception cref="PartlyScheduledException">A later step failed: the jobs before it are stored.</exception>
    public async Task<IReadOnlyList<ScheduledJob>> ScheduleAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var defaults = new Dictionary<string, JobDefaults>(StringComparer.OrdinalIgnoreCase);
        DateTimeOffset? now = null;
        var plans = new JobPlan[requests.Count];
        for (var i = 0; i < plans.Length; i++)
        {
            var request = requests[i];
            if (!defaults.TryGetValue(request.Type, out var known)) defaults[request.Type] = known = await DefaultsAsync(request.Type, cancellationToken).ConfigureAwait(false);
            // Cron's first time depends on the store's clock, not on this machine's.
            if (request.Cron is not null) now ??= await NowAsync(cancellationToken).ConfigureAwait(false);
            plans[i] = JobPlan.Make(request, _ids.Next(), known, now);
        }

        var jobs = new ScheduledJob[plans.Length];
        var arguments = new List<RedisValue>();
        for (int start = 0, count; start < plans.Length; start += count)
        {
            count = Append(plans.AsSpan(start), _store.Room, arguments, out var bytes);
            try
            {
                var reply = (RedisResult[])(await _store.RunAsync(Scripts.ScheduleJobs, [.. arguments], cancellationToken, bytes).ConfigureAwait(false))!;
                if ((string?)reply[0] is "missing" or "exists" or "busy") throw Refusal(reply);
                var respelled = ((string[])reply[^1]!).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
                var created = JobHash.Instant((long)reply[0]);
                for (int i = 0, at = 1; i < count; i++) jobs[start + i] = Scheduled(plans[start + i], created, reply, respelled, ref at);
            }
            catch (JobsException e) when (start > 0)
            {
                throw new PartlyScheduledException(jobs[..start], plans.Length, e);
            }
        }
        await ReadExistingAsync(jobs, cancellationToken).ConfigureAwait(false);
        return jobs;
    }

    /// <summary>As many of the plans as one call takes, in number (a job may have a thousand parents) and in bytes: others need not wait for it long.</summary>
    private static int Append(ReadOnlySpan<JobPlan> plans, int room, List<RedisValue> arguments, out long bytes)
    {
        arguments.Clear();
        arguments.Add(0);
        var count = 0;
        bytes = 0;
        while (count < plans.Length && count < ChunkSize && arguments.Count < MostArguments)
        {
            var from = arguments.Count;
            plans[count].AppendTo(arguments, count > 0 ? plans[count - 1] : null);
            var size = CallSize.Of(arguments, from);
            if (bytes + size > room && count > 0)
            {
                arguments.RemoveRange(from, arguments.Count - from);
                break;
            }
            bytes += size;
            count++;
        }
        arguments[0] = count;
        return count;
    }

    private static JobsException Refusal(RedisResult[] reply)
    {
        var id = (string?)reply[1];
        return (string?)reply[0] switch
        {
            "missing" => new JobNotFoundException(id!),
            "exists" => new JobExistsException((string)reply[2]!, id!),
            _ => new JobsException(JobsError.JobExecuting, $"Job '{id}', which has the unique key, is executing, and is to be cancelled or is of another type: it can't be updated. Try again when it has ended.") { Target = id },
        };
    }

    /// <summary>The job as the reply tells it from `at` on, which then stands behind it.</summary>
    private static ScheduledJob Scheduled(JobPlan plan, DateTimeOffset created, RedisResult[] reply, Dictionary<string, string> respelled, ref int at)
    {
        var (id, status, due) = (plan.Job.Id, JobStatus.Queued, (DateTimeOffset?)created);
        if (((RedisValue)reply[at]).IsNullOrEmpty)
        {
            at++;
        }
        else
        {
            status = HashReader.Parse<JobStatus>((string?)reply[at]) ?? plan.Job.Status;
            id = (string)reply[at + 1]!;
            due = ((RedisValue)reply[at + 2]).TryParse(out long ms) ? JobHash.Instant(ms) : null;
            at += 3;
        }
        return plan.Job with
        {
            Type = respelled.Count == 0 ? plan.Job.Type : respelled.GetValueOrDefault("type:" + plan.Job.Type, plan.Job.Type),
            Queue = respelled.Count == 0 ? plan.Job.Queue : respelled.GetValueOrDefault("queue:" + plan.Job.Queue, plan.Job.Queue),
            Created = created,
            Status = status,
            IsExisting = id != plan.Job.Id,
            Id = id,
            Due = due,
        };
    }

    /// <summary>Where another job has the unique key, that job as it is.</summary>
    private async Task ReadExistingAsync(ScheduledJob[] jobs, CancellationToken cancellationToken)
    {
        string[] ids = [.. jobs.Where(job => job.IsExisting).Select(job => job.Id).Distinct()];
        if (ids.Length == 0) return;
        var found = (await FindAsync(ids, cancellationToken).ConfigureAwait(false)).OfType<ScheduledJob>().ToDictionary(job => job.Id, StringComparer.Ordinal);
        for (var i = 0; i < jobs.Length; i++)
        {
            if (jobs[i].IsExisting && found.TryGetValue(jobs[i].Id, out var existing)) jobs[i] = existing with { IsExisting = true };
        }
    }

    /// <summary>A type's defaults: this process's, else those a pool last published, else the general ones.</summary>
    internal async Task<JobDefaults> DefaultsAsync(string type, CancellationToken cancellationToken)
    {
        Validate.Name(type, "job type");
        if (_types.TryGet(type, out var known)) return known.Defaults;
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetTypes, [type], cancellationToken).ConfigureAwait(false))!;
        return TypeHash.Read((RedisResult[])reply[0]!).Defaults;
    }

    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        var reply = (RedisResult[])(await _store.RunAsync(Scripts.GetJobsByIds, [0, 0, ""], cancellationToken).ConfigureAwait(false))!;
        return JobHash.Instant((long)reply[0]);
    }
}
