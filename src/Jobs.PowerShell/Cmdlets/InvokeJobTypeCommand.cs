using System.Collections;
using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Formatting;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Sessions;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Runs a type's handler here and now, in this session: on data, or on those of a job. Nothing is written to the store.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "JobType", SupportsShouldProcess = true, DefaultParameterSetName = "Data")]
[OutputType(typeof(PSObject))]
public sealed class InvokeJobTypeCommand : JobsCmdlet, IDynamicParameters
{
    private HandlerParameters? _own;
    private object? _data;
    private bool _hasData;

    /// <summary>The type, which is registered in this session. With -Id the job's own where it is left out.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>What the handler gets as its one argument and as $_, after the trip through JSON that data of jobs make. From the pipeline: one run an object; a job stands for its own data.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ParameterSetName = "Data")]
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

    /// <summary>A job, or its id, on whose data the handler runs. The job itself stays as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [JobReference]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>The handler's own parameters.</summary>
    /// <returns>The parameters, or nothing.</returns>
    public object? GetDynamicParameters() => (_own = HandlerParameters.Of(Name, this))?.Offered;

    private protected override void Process()
    {
        if (Id is not null)
            RunJob(Id);
        else if (MyInvocation.ExpectingInput && (_data as PSObject)?.BaseObject is JobInfo job)
            RunJob(job.Id);
        else
            RunData();
    }

    private void RunJob(string id)
    {
        ScheduledJob job;
        try
        {
            job = Await(Client.GetAsync(id, StopToken));
        }
        catch (JobNotFoundException e)
        {
            WriteError(e, id);
            return;
        }
        Run(job, Registered(Name ?? job.Type));
    }

    private void RunData()
    {
        if (Name is null) throw new JobsException(JobsError.JobTypeNotFound, "Which handler is to run? Give the name of a type that is registered in this session, or -Id with a job.");
        var type = Registered(Name);
        var parameters = ParameterSetName == HandlerParameters.Set ? _own!.Given(MyInvocation.BoundParameters) : Parameters ?? (MyInvocation.ExpectingInput ? _own?.Of(_data) : null);
        if (parameters is not null) ParameterCheck.Check(type, parameters);
        else ParameterCheck.Check(type, _data, _hasData);
        Session.Current.Types.TryGet(Name, out var known);
        Run(new ScheduledJob
        {
            Id = new JobIds(TimeProvider.System).Next(),
            Type = type.Name,
            Queue = known?.Defaults.Queue ?? "",
            Priority = known?.Defaults.Priority ?? 0,
            Timeout = known?.Defaults.Timeout,
            Attempts = 1,
            Created = DateTimeOffset.Now,
            Due = DateTimeOffset.Now,
            Data = parameters is not null ? JsonData.Serialize(parameters) : _hasData ? JsonData.Serialize(_data) : null,
            DataIsParameters = parameters is not null,
        }, type);
    }

    private void Run(ScheduledJob job, ScriptHandler handler)
    {
        if (!ShouldProcess($"Handler of job type {handler.Name}{(job.Data is null ? "" : $" with {DisplayText.Line(job.Data, 200)}")}", "Run here")) return;
        var (session, around) = (Session.Current, HandlerScope.Current);
        var scope = new HandlerScope(token => HandlerScope.Run(around, () => session.Connect(token)));
        new LocalRun(this, handler).Invoke(new LocalRunInfo(job, () => Await(Client.GetParentsAsync(job, StopToken)), StopToken), scope, IsVerbose);
    }

    private bool IsVerbose => MyInvocation.BoundParameters.TryGetValue("Verbose", out var asked) && asked is SwitchParameter { IsPresent: true };

    private static ScriptHandler Registered(string name) => Session.Current.Handlers.GetValueOrDefault(name)
        ?? throw new JobsException(JobsError.JobTypeNotFound, $"No job type '{name}' is registered in this session, so its handler is not known here. Register-JobType first.") { Target = name };
}
