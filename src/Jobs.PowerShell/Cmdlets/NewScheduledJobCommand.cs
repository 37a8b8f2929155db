using System.Collections;
using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Formatting;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Scheduling;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Schedules jobs, one for each object of the pipeline, and emits them.</summary>
[Cmdlet(VerbsCommon.New, "ScheduledJob", SupportsShouldProcess = true, DefaultParameterSetName = "Data")]
[OutputType(typeof(JobInfo))]
public sealed class NewScheduledJobCommand : JobsCmdlet, IDynamicParameters
{
    private HandlerParameters? _own;
    private JobScheduler? _scheduler;
    private ScriptHandler? _handler;
    private JobRequest? _template;
    private string? _target;
    private object? _data;
    private bool _hasData;
    private bool _showsData;
    private bool _varies;

    /// <summary>The jobs' type. It need not be registered here: another session's pool may run it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string Type { get; set; } = "";

    /// <summary>What the handler gets as its one argument and as $_. From the pipeline: one job an object; its properties that are named as the handler's parameters are these, and where none is, it is the data as a whole.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ParameterSetName = "Data")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = HandlerParameters.Set, DontShow = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Data
    {
        get => _data;
        set => (_data, _hasData) = (value, true);
    }

    /// <summary>What the handler gets as its named parameters.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Parameters")]
    public IDictionary? Parameters { get; set; }

    /// <summary>When the job is first due; a time without a zone is local, a past one is due now, a clock time alone is the next such time. Default now.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Instant(EmptyIsNone = true)]
    public DateTime? At { get; set; }

    /// <summary>When the job is first due, counted from now; a plain number is seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DurationCompleter))]
    [Duration(EmptyIsNone = true)]
    public TimeSpan? In { get; set; }

    /// <summary>Repeats the job at this rhythm, counted from when it is first due; a plain number is seconds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    [Duration]
    public TimeSpan Every { get; set; }

    /// <summary>Repeats the job at the times of this cron expression, of 5 fields, or 6 with seconds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CronCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cron { get; set; }

    /// <summary>The time zone of the cron expression, an IANA or Windows id; default the local one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TimeZone { get; set; }

    /// <summary>What becomes of a repeated job's times that passed while no pool ran: Skip (default) goes on at the next regular time, RunOnce runs once at once, RunAll once for each.</summary>
    [Parameter]
    [ValidateSet("Skip", "RunOnce", "RunAll")]
    public string Missed { get; set; } = nameof(MissedPolicy.Skip);

    /// <summary>-500,000 to 500,000; higher runs first. Default the type's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Priority { get; set; }

    /// <summary>The queue; default the type's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(QueueCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public string? Queue { get; set; }

    /// <summary>How often a failed attempt is repeated; default the type's.</summary>
    [Parameter]
    public int Retries { get; set; }

    /// <summary>Delay before the first retry; default the type's. A plain number is seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RetryDelay { get; set; }

    /// <summary>Fixed: the same delay before each retry. Exponential: each twice as long as the one before. Default the type's.</summary>
    [Parameter]
    [ValidateSet("Fixed", "Exponential")]
    public string? Backoff { get; set; }

    /// <summary>The longest delay before a retry; default the type's.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MaxRetryDelay { get; set; }

    /// <summary>The longest an attempt may run; default the type's.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; }

    /// <summary>While a job with this key is unfinished, that job is emitted instead of another being scheduled.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(UniqueKeyCompleter))]
    [AllowNull]
    public string? UniqueKey { get; set; }

    /// <summary>Makes it an error that a job with the unique key is unfinished.</summary>
    [Parameter]
    public SwitchParameter ErrorIfExists { get; set; }

    /// <summary>Gives the unfinished job with the unique key this definition; an executing one when its run has ended.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Jobs, or ids of jobs, that must finish first. If one fails or is cancelled, this job is cancelled.</summary>
    [Parameter]
    [JobReference]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] After { get; set; } = [];

    /// <summary>Waits for the jobs of -After whatever their outcome.</summary>
    [Parameter]
    public SwitchParameter AfterAny { get; set; }

    /// <summary>Keeps the job back, with status Saved, until Resume-ScheduledJob.</summary>
    [Parameter]
    public SwitchParameter Hold { get; set; }

    /// <summary>The handler's own parameters, when the type is registered in this session.</summary>
    /// <returns>The parameters, or nothing.</returns>
    public object? GetDynamicParameters() => (_own = HandlerParameters.Of(Type, this))?.Offered;

    private protected override void Begin()
    {
        Session.Current.Handlers.TryGetValue(Type, out _handler);
        // What the objects of the pipeline say of themselves is bound for each of them.
        _varies = MyInvocation.ExpectingInput;
        _template = Template();
        if (ParameterSetName == HandlerParameters.Set) _own!.Fix(MyInvocation.BoundParameters);
        if (ParameterSetName == HandlerParameters.Set && Has(nameof(Data))) throw ScheduleTimes.Refuse("-Data and the handler's own parameters exclude one another.");
        if (ParameterSetName == HandlerParameters.Set && !_varies) _template = With(_template, _own!.Given(MyInvocation.BoundParameters));
        else if (Parameters is not null) _template = With(_template, Parameters);
        foreach (var (name, value) in MyInvocation.BoundParameters)
        {
            // Null is for objects of the pipeline that say nothing; in the call it is a slip, and must not mean now or no key.
            if (value is null or "" && name is nameof(At) or nameof(In) or nameof(Priority) or nameof(Queue) or nameof(UniqueKey))
                throw ScheduleTimes.Refuse($"-{name} is empty: give a value, or leave it out.");
        }
        Check(keyMayCome: _varies);
        _showsData = IsWhatIf;
        _scheduler = new JobScheduler(this, () => Client, Type, Force, _varies, StopToken);
    }

    private protected override void Process()
    {
        JobRequest request;
        try
        {
            if (_varies && (_target is null || !SaysTheSame(_template!)))
            {
                Check(keyMayCome: false);
                (_template, _target) = (WithOwn(_template!), null);
            }
            _target ??= Target();
            request = WithData(_template!);
        }
        catch (Exception e) when (ErrorRecords.TryFrom(e) is { } record)
        {
            WriteError(_varies ? PipelineObject.Name(record, _data) : record);
            return;
        }
        if (ShouldProcess(_showsData && request.Data is { } json ? $"{_target} with {DisplayText.Line(json, 200)}" : _target, "Schedule"))
            _scheduler!.Add(request, _data);
    }

    /// <summary>With the data, or the handler's parameters, of the object of the pipeline.</summary>
    private JobRequest WithData(JobRequest request)
    {
        if (_varies) CheckPriority();
        if (_varies && ParameterSetName == HandlerParameters.Set) return With(request, _own!.Given(MyInvocation.BoundParameters, _data));
        if (request.DataIsParameters) return request;
        if (_varies && _hasData && _own?.Of(_data) is { } named) return With(request, named);
        if (_handler is not null) ParameterCheck.Check(_handler, _data, _hasData);
        return _hasData ? request with { Data = JsonData.Serialize(_data) } : request;
    }

    /// <summary>PowerShell leaves out a property that it can't convert.</summary>
    private void CheckPriority()
    {
        if (Priority is null && HandlerParameters.Property(_data, nameof(Priority)) is { } said)
            throw new HandlerException("ParameterNotConvertible", ErrorCategory.InvalidArgument, $"'{said}' is no priority: a whole number is expected.", said);
    }

    private JobRequest With(JobRequest request, IDictionary parameters)
    {
        if (_handler is not null) ParameterCheck.Check(_handler, parameters);
        return request with { Data = JsonData.Serialize(parameters), DataIsParameters = true };
    }

    private protected override void End() => _scheduler!.Finish();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _scheduler?.Dispose();
        base.Dispose(disposing);
    }

    private void Check(bool keyMayCome)
    {
        ScheduleTimes.Check(At is not null, In is not null, Has(nameof(Every)), Cron is not null, TimeZone is not null);
        if (AfterAny && After.Length == 0) throw ScheduleTimes.Refuse("-AfterAny says how the jobs of -After count: give -After too.");
        if (ErrorIfExists && UniqueKey is null && !keyMayCome) throw ScheduleTimes.Refuse("-ErrorIfExists says what an unfinished job with the unique key means: give -UniqueKey too.");
        if (Force && UniqueKey is null && !keyMayCome) throw ScheduleTimes.Refuse("-Force updates the unfinished job with the unique key: give -UniqueKey too.");
        if (Force && ErrorIfExists) throw ScheduleTimes.Refuse("-Force and -ErrorIfExists exclude one another: each says what an unfinished job with the unique key means.");
        if (Force && After.Length > 0) throw ScheduleTimes.Refuse("-After does not go with -Force: a job that exists can't be made to wait for others.");
        if (Has(nameof(Missed)) && Cron is null && !Has(nameof(Every))) throw ScheduleTimes.Refuse("-Missed is about repeated jobs: give -Every or -Cron too.");
    }

    private string Target() =>
        $"Job of type {Type}{(At is { } time ? $" at {time.ToLocalTime():yyyy-MM-dd HH:mm:ss}" : "")}{(In is { } delay ? $" in {delay}" : "")}{(Has(nameof(Every)) ? $" every {Every}" : "")}{(Cron is null ? "" : $" at '{Cron}'")}";

    /// <summary>With what each object of the pipeline may say of itself, by a property of that name or through a script block.</summary>
    private JobRequest WithOwn(JobRequest request) => request with
    {
        At = At is { } time ? ScheduleTimes.Instant(time) : null,
        In = In,
        Priority = Priority,
        Queue = OrNull(Queue),
        UniqueKey = UniqueKey,
    };

    // An empty cell of a table says nothing; only without the key that was meant there might be two jobs.
    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Whether an object of the pipeline says what the last one did, most often nothing: all but the data can then stay.</summary>
    private bool SaysTheSame(JobRequest last) =>
        last.Priority == Priority && last.Queue == OrNull(Queue) && last.UniqueKey == UniqueKey && last.In == In && last.At == (At is { } time ? ScheduleTimes.Instant(time) : null);

    private JobRequest Template() => WithOwn(new JobRequest
    {
        Type = Type,
        Every = Has(nameof(Every)) ? Every : null,
        Cron = Cron,
        TimeZone = TimeZone,
        Missed = Enum.Parse<MissedPolicy>(Missed, ignoreCase: true),
        Retries = Has(nameof(Retries)) ? Retries : null,
        RetryDelay = Has(nameof(RetryDelay)) ? RetryDelay : null,
        Backoff = Backoff is null ? null : Enum.Parse<BackoffKind>(Backoff, ignoreCase: true),
        MaxRetryDelay = Has(nameof(MaxRetryDelay)) ? MaxRetryDelay : null,
        Timeout = Has(nameof(Timeout)) ? Timeout : null,
        IfExists = Force ? ExistingJob.Update : ErrorIfExists ? ExistingJob.Refuse : ExistingJob.Keep,
        After = After,
        AfterAny = AfterAny,
        Hold = Hold,
    });
}
