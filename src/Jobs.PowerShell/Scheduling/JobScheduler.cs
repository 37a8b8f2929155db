using System.Diagnostics;
using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Scheduling;

/// <summary>Sends requests in batches, the next being made while one is under way, and emits the jobs in order.</summary>
internal sealed class JobScheduler : IDisposable
{
    // The engine schedules as many in one step: all of a batch or none of it.
    private const int BatchSize = 500;
    private const int BatchCharacters = 3 << 20;
    private static readonly TimeSpan ProgressAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);

    private readonly Cmdlet _cmdlet;
    private readonly Func<JobClient> _connect;
    private readonly string _type;
    private readonly bool _updates;
    private readonly bool _varies;
    private readonly CancellationToken _stopping;
    private readonly Outbox<JobRequest, EachScheduled> _outbox;
    private readonly long _begun = Stopwatch.GetTimestamp();

    // The objects of the pipeline that what is under way was made of, where there is a pipeline.
    private readonly Queue<object?> _objects = new();
    private JobClient? _client;
    private int _characters;
    private long _scheduled;
    private long _progressAt;

    /// <param name="cmdlet">Who emits the jobs.</param>
    /// <param name="connect">Gives the client once there is something to send.</param>
    /// <param name="type">The jobs' type.</param>
    /// <param name="updates">Whether an existing job is updated.</param>
    /// <param name="varies">Whether each request may say more of itself than its data.</param>
    /// <param name="stopping">Fires at Ctrl+C.</param>
    public JobScheduler(Cmdlet cmdlet, Func<JobClient> connect, string type, bool updates, bool varies, CancellationToken stopping)
    {
        (_cmdlet, _connect, _type, _updates, _varies, _stopping) = (cmdlet, connect, type, updates, varies, stopping);
        _outbox = new(BatchSize, ScheduleAsync, static each => each.Failure is null, stopping);
    }

    /// <param name="request">The request.</param>
    /// <param name="item">The object of the pipeline that it was made of.</param>
    public void Add(JobRequest request, object? item)
    {
        _client ??= _connect();
        var characters = request.Data?.Length ?? 0;
        if (Volatile.Read(ref _characters) + characters > BatchCharacters) Send(full: true);
        Interlocked.Add(ref _characters, characters);
        if (_varies) _objects.Enqueue(item);
        if (_outbox.Add(request)) Send(_outbox.IsFull);
    }

    public void Finish()
    {
        Send(full: false);
        if (_progressAt != 0)
            _cmdlet.WriteProgress(new ProgressRecord(1, Activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private string Activity => $"Scheduling jobs of type {_type}";

    public void Dispose() => _outbox.Dispose();

    private Task<EachScheduled> ScheduleAsync(List<JobRequest> requests)
    {
        Volatile.Write(ref _characters, 0);
        return _client!.ScheduleEachAsync(requests, IsOneObjects, _stopping);
    }

    private void Send(bool full)
    {
        Receive();
        _outbox.Send();
        // Objects that come slowly are answered one by one.
        if (!full) Receive();
    }

    private void Receive()
    {
        while (_outbox.TryTake(out var sent)) Emit(sent.Answer.WaitAsync(_stopping).GetAwaiter().GetResult());
    }

    private void Emit(EachScheduled each)
    {
        for (var i = 0; i < each.Next; i++)
        {
            var item = _varies ? _objects.Dequeue() : null;
            if (each.Job(i) is { } job) Emit(job);
            else Refuse(each.Refusal(i), each.Request(i), item);
        }
        if (each.Failure is not null) throw each.Failure;
        Progress();
    }

    private void Emit(ScheduledJob job)
    {
        if (job.IsExisting) _cmdlet.WriteVerbose($"Job {job.Id} with unique key '{job.UniqueKey}' has not ended yet; {(_updates ? "it was updated" : "no other was scheduled")}.");
        _cmdlet.WriteObject(new JobInfo(job, _client!));
        _scheduled++;
    }

    private void Refuse(JobsException error, JobRequest request, object? item)
    {
        // Whoever is refused for another job's sake can look at that one.
        var holder = (error as JobExistsException)?.JobId;
        var record = ErrorRecords.From(error, holder ?? error.Target ?? request.Data);
        _cmdlet.WriteError(_varies ? PipelineObject.Name(record, item, holder) : record);
    }

    private void Progress()
    {
        if (Stopwatch.GetElapsedTime(_begun) < ProgressAfter || Stopwatch.GetElapsedTime(_progressAt) < ProgressEvery) return;
        _progressAt = Stopwatch.GetTimestamp();
        _cmdlet.WriteProgress(new ProgressRecord(1, Activity, $"{_scheduled:N0} scheduled"));
    }

    // What else can be refused is the same for all of them, unless each says its own.
    private bool IsOneObjects(JobsException e) =>
        e.Error is JobsError.InvalidData or JobsError.JobExists or JobsError.JobExecuting
        || _varies && e.Target != _type && e.Error is JobsError.InvalidName or JobsError.InvalidSchedule or JobsError.InvalidCron or JobsError.PriorityOutOfRange or JobsError.DurationOutOfRange;
}
