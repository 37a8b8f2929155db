using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Registers a job type in this session: a name, what runs its jobs, and their defaults.</summary>
[Cmdlet(VerbsLifecycle.Register, "JobType", SupportsShouldProcess = true, DefaultParameterSetName = "ScriptBlock")]
public sealed class RegisterJobTypeCommand : JobsCmdlet
{
    /// <summary>The type's name: 1 to 100 letters, digits, '.', '_' or '-'.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>What runs a job of this type. It takes the data as its one argument and as $_, or named parameters, or nothing.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "ScriptBlock")]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>A script file that runs a job of this type.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "FilePath")]
    [ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    /// <summary>The name of a function or cmdlet that runs a job of this type.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Command")]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    /// <summary>How often a failed attempt is repeated; default 0.</summary>
    [Parameter]
    public int Retries { get; set; }

    /// <summary>Delay before the first retry; default 1 s. A plain number is seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RetryDelay { get; set; }

    /// <summary>Fixed: the same delay before each retry. Exponential (default): each twice as long as the one before.</summary>
    [Parameter]
    [ValidateSet("Fixed", "Exponential")]
    public string Backoff { get; set; } = nameof(BackoffKind.Exponential);

    /// <summary>The longest delay before a retry; default 1 hour.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MaxRetryDelay { get; set; }

    /// <summary>The longest an attempt may run; default without limit.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; }

    /// <summary>At most so many jobs of this type run at a time over all pools; default without limit.</summary>
    [Parameter]
    public int MaxConcurrency { get; set; }

    /// <summary>At most so many starts in any such stretch of time over all pools, as count/time: 5/s, 5/min, 100/h, 100/00:01:00.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RateLimit { get; set; }

    /// <summary>The jobs' priority, -500,000 to 500,000; higher runs first. Default 0.</summary>
    [Parameter]
    public int Priority { get; set; }

    /// <summary>The jobs' queue; default default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(QueueCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Queue { get; set; }

    /// <summary>Modules that workers import before they run jobs of this type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ImportModule { get; set; } = [];

    /// <summary>Stop (default): any error record and a native command's exit code other than 0 fail the attempt. Continue: they are logged.</summary>
    [Parameter]
    public JobErrorPolicy ErrorPolicy { get; set; }

    /// <summary>What separates jobs from each other: Scope (default) sets the worker's runspace back after each, Runspace gives each a new one, Process a PowerShell process of its own.</summary>
    [Parameter]
    public JobIsolation Isolation { get; set; }

    /// <summary>Replaces an earlier type of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var session = Session.Current;
        if (!Force && session.Types.TryGet(Name, out _))
            throw new JobsException(JobsError.JobTypeExists, $"Job type '{Name}' is registered already. Unregister it first, or replace it with -Force.") { Target = Name };
        var defaults = new JobDefaults();
        var type = new JobType
        {
            Name = Name,
            MaxConcurrency = Has(nameof(MaxConcurrency)) ? MaxConcurrency : null,
            RateLimit = RateLimit is null ? null : Rate.Parse(RateLimit),
            Defaults = defaults with
            {
                Retries = Retries,
                RetryDelay = Has(nameof(RetryDelay)) ? RetryDelay : defaults.RetryDelay,
                Backoff = Enum.Parse<BackoffKind>(Backoff, ignoreCase: true),
                MaxRetryDelay = Has(nameof(MaxRetryDelay)) ? MaxRetryDelay : defaults.MaxRetryDelay,
                Timeout = Has(nameof(Timeout)) ? Timeout : null,
                Priority = Priority,
                Queue = Queue ?? defaults.Queue,
            },
        };
        var handler = Handler();
        if (!ShouldProcess($"Job type {Name}", "Register")) return;
        session.Types.Register(type, Force);
        session.Handlers[Name] = handler;
        foreach (var warning in ForeignNames.Warnings(handler, SessionState)) WriteWarning(warning);
    }

    private ScriptHandler Handler()
    {
        var options = new HandlerOptions
        {
            ErrorPolicy = ErrorPolicy,
            Isolation = Isolation,
            Modules = ModuleNames.Resolve(ImportModule, SessionState),
        };
        return ParameterSetName switch
        {
            "FilePath" => ScriptHandler.FromFile(Name, GetUnresolvedProviderPathFromPSPath(FilePath), SessionState, options),
            "Command" => ScriptHandler.FromCommand(Name, Command!, this, options),
            _ => ScriptHandler.FromScriptBlock(Name, ScriptBlock!, SessionState, options),
        };
    }
}
