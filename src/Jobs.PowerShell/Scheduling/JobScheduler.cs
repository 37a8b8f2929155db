using System.Diagnostics;
using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Scheduling;

/// <summary>Sends requests in batches, the next being made while one is under way, and emits the jobs in order.</summary>
internal sealed class JobScheduler(Cmdlet cmdlet, Func<JobClient> connect, string type, bool updates, bool varies, CancellationToken stopping)
{
    // The engine schedules as many in one step: all of a batch or none of it.
    private const int BatchSize = 500;
    private const int BatchCharacters = 3 << 20;
    private static readonly TimeSpan ProgressAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);

    private readonly Batch<JobRequest> _batch = new(BatchSize);
    private readonly long _begun = Stopwatch.GetTimestamp();
    private JobClient? _client;
    private List<JobRequest> _sent = [];
    // The objects of the pipeline that they were made of, where there is one.
    private List<object?> _objects = [];
    private List<object?> _sentObjects = [];
    private Task<IReadOnlyList<ScheduledJob>>? _answer;
    private int _characters;
    private long _scheduled;
    private long _progressAt;

    /// <param name="request">The request.</param>
    /// <param name="item">The object of the pipeline that it was made of.</param>
    public void Add(JobRequest request, object? item)
    {
        var characters = request.Data?.Length ?? 0;
        if (_characters + characters > BatchCharacters && _batch.Items.Count > 0) Send(full: true);
        _characters += characters;
        if (varies) _objects.Add(item);
        if (_batch.Add(request)) Send(_batch.IsFull);
    }

    public void Finish()
    {
        if (_batch.Items.Count > 0) Send(full: false);
        Receive();
        if (_progressAt != 0)
            cmdlet.WriteProgress(new ProgressRecord(1, Activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private string Activity => $"Scheduling jobs of type {type}";

    private void Send(bool full)
    {
        _client ??= connect();
        Receive();
        _sent = _batch.Take();
        (_sentObjects, _objects) = (_objects, []);
        _characters = 0;
        _answer = _client.ScheduleAsync(_sent, stopping);
        // Objects that come slowly are answered one by one.
        if (!full) Receive();
    }

    private void Receive()
    {
        if (_answer is not { } answer) return;
        _answer = null;
        try
        {
            Emit(answer.WaitAsync(stopping).GetAwaiter().GetResult());
        }
        catch (PartlyScheduledException e)
        {
            Emit(e.Scheduled);
            _sent.RemoveRange(0, e.Scheduled.Count);
            if (varies) _sentObjects.RemoveRange(0, e.Scheduled.Count);
            if (!IsOneObjects(e.Reason)) throw e.Reason;
            Single(e.Reason);
        }
        catch (JobsException e) when (IsOneObjects(e))
        {
            Single(e);
        }
        Progress();
    }

    /// <summary>None of a batch was scheduled as one was refused: the others are sent alone.</summary>
    private void Single(JobsException refusal)
    {
        if (_sent.Count == 1)
        {
            Refuse(refusal, 0);
            return;
        }
        for (var i = 0; i < _sent.Count; i++)
        {
            try
            {
                Emit([_client!.ScheduleAsync(_sent[i], stopping).WaitAsync(stopping).GetAwaiter().GetResult()]);
            }
            catch (JobsException e) when (IsOneObjects(e))
            {
                Refuse(e, i);
            }
        }
    }

    private void Emit(IReadOnlyList<ScheduledJob> jobs)
    {
        foreach (var job in jobs)
        {
            if (job.IsExisting) cmdlet.WriteVerbose($"Job {job.Id} with unique key '{job.UniqueKey}' has not ended yet; {(updates ? "it was updated" : "no other was scheduled")}.");
            cmdlet.WriteObject(new JobInfo(job, _client!));
        }
        _scheduled += jobs.Count;
    }

    private void Refuse(JobsException error, int i)
    {
        var record = ErrorRecords.From(error, error is JobExistsException existing ? existing.JobId : error.Target ?? _sent[i].Data);
        cmdlet.WriteError(varies ? PipelineObject.Name(record, _sentObjects[i]) : record);
    }

    private void Progress()
    {
        if (Stopwatch.GetElapsedTime(_begun) < ProgressAfter || Stopwatch.GetElapsedTime(_progressAt) < ProgressEvery) return;
        _progressAt = Stopwatch.GetTimestamp();
        cmdlet.WriteProgress(new ProgressRecord(1, Activity, $"{_scheduled:N0} scheduled"));
    }

    // What else can be refused is the same for all of them, unless each says its own.
    private bool IsOneObjects(JobsException e) =>
        e.Error is JobsError.InvalidData or JobsError.JobExists or JobsError.JobExecuting
        || varies && e.Target != type && e.Error is JobsError.InvalidName or JobsError.InvalidSchedule or JobsError.InvalidCron or JobsError.PriorityOutOfRange or JobsError.DurationOutOfRange;
}
