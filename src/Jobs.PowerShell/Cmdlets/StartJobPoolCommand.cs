using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Handlers.Processes;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Workers;
using Jobs.PowerShell.Pools;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Starts a pool of workers that runs the jobs of this session's types: in the background, or in the foreground until it is done.</summary>
[Cmdlet(VerbsLifecycle.Start, "JobPool", SupportsShouldProcess = true)]
[OutputType(typeof(JobPoolInfo), typeof(JobInfo))]
public sealed class StartJobPoolCommand : JobsCmdlet
{
    /// <summary>How many jobs run at a time; default the number of processors.</summary>
    [Parameter]
    public int Workers { get; set; }

    /// <summary>How many jobs are claimed ahead of free workers at most, 0 to 1,000; default 100.</summary>
    [Parameter]
    public int BatchSize { get; set; }

    /// <summary>How often the pool looks for work that it was not woken for; default 1 s. A plain number is seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan PollInterval { get; set; }

    /// <summary>How long after its last sign of life others take over this pool's jobs; default 30 s.</summary>
    [Parameter]
    [Duration]
    public TimeSpan StaleTimeout { get; set; }

    /// <summary>The types it runs, with wildcards; default all that are registered in this session.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Type { get; set; }

    /// <summary>The queues it serves, in order of preference; default default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(QueueCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Queue { get; set; }

    /// <summary>The name it has in lists; default the machine's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A script that each worker runs once, before its first job.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>Modules that each worker imports.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ImportModule { get; set; } = [];

    /// <summary>Called with each ended job as its argument and as $_. In the foreground it runs in the caller's session, in the background in a runspace of its own. What it puts out is dropped; an error is a warning.</summary>
    [Parameter]
    public ScriptBlock? AfterJob { get; set; }

    /// <summary>How long running jobs may go on when the pool is stopped; default 30 s.</summary>
    [Parameter]
    [Duration]
    public TimeSpan ShutdownTimeout { get; set; }

    /// <summary>Runs in the foreground until Ctrl+C or SIGTERM: running jobs may then end. A second Ctrl+C stops them.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Runs in the foreground until nothing is due any more. At its end it emits each job whose attempt failed and that is to be retried when it has gone.</summary>
    [Parameter]
    public SwitchParameter UntilEmpty { get; set; }

    /// <summary>With -UntilEmpty: stays until the retries of what it ran have come to an end, too, whoever runs them.</summary>
    [Parameter]
    public SwitchParameter IncludeRetries { get; set; }

    /// <summary>Runs in the foreground until so many attempts have ended.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxJobs { get; set; }

    /// <summary>Runs in the foreground for so long; a plain number is seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RunFor { get; set; }

    private bool InForeground => Wait || UntilEmpty || Has(nameof(MaxJobs)) || Has(nameof(RunFor));

    private protected override void Process()
    {
        if (HandlerScope.Current is not null) throw NotInHandler("start a pool: it would outlive the handler's run or hold it up. Start it in a session of its own");
        if (IncludeRetries && !UntilEmpty) throw new JobsException(JobsError.InvalidSchedule, "-IncludeRetries says what -UntilEmpty waits for: give that too.");
        var session = Session.Current;
        CheckTypes(session);
        if (!ShouldProcess($"Pool for {string.Join(", ", Type ?? ["all types"])}", "Start")) return;
        var running = Create(session);
        // Before the start: until someone asks for ended jobs the pool keeps none.
        if (InForeground || AfterJob is not null) _ = running.Pool.Ended;
        try
        {
            Await(running.Pool.StartAsync(StopToken));
        }
        catch
        {
            // Nothing of it is left in the store, or its lease takes care of it.
            running.Dispose();
            throw;
        }
        session.Add(running);
        if (InForeground)
        {
            new ForegroundPool(this, running, AfterJob, StopToken).Run();
            return;
        }
        if (AfterJob is not null) new AfterJobRunner(AfterJob, SessionState.LanguageMode, running).Start();
        WriteObject(new JobPoolInfo(running));
    }

    private RunningPool Create(Session session)
    {
        var connection = Connection;
        RunningPool? running = null;
        var initialization = InitializationScript is null ? null : ScriptHandler.FromScriptBlock("initialization", InitializationScript, SessionState);
        var shell = ChildShell.Find(Host, connection.Options);
        var workers = ScriptWorkers.Create(
            type => session.Handlers.GetValueOrDefault(type),
            initialization,
            ModuleNames.Resolve(ImportModule, SessionState),
            said => running?.Tell(new PoolEvent(PoolEventLevel.Warning, said)),
            SessionState.LanguageMode,
            shell,
            session.IsInterrupted,
            new HandlerScope(_ => connection));
        try
        {
            var served = session.Types.All.Where(IsServed).Select(type => session.Handlers.GetValueOrDefault(type.Name)).OfType<ScriptHandler>().ToList();
            if (shell is null && served.Exists(handler => handler.Options.Isolation == JobIsolation.Process)) throw ChildShell.NotFound();
            // What is wrong with modules and initialization is an error here, not one of each job.
            Await(workers.VerifyAsync(StopToken, served));
            var pool = new JobPool(connection.Store, session.Types, Options() with { Worker = workers.Run });
            return running = new RunningPool(pool, connection, workers) { IsForeground = InForeground };
        }
        catch
        {
            workers.Dispose();
            throw;
        }
    }

    /// <summary>A pool that could run nothing, or not what was asked for, is an error.</summary>
    private void CheckTypes(Session session)
    {
        var names = session.Types.All.Select(type => type.Name).ToList();
        if (names.Count == 0)
            throw new JobsException(JobsError.JobTypeNotFound, "No job type is registered in this session, so a pool could run nothing. Register-JobType first.");
        foreach (var type in Type ?? [])
        {
            var pattern = new WildcardPattern(type, WildcardOptions.IgnoreCase);
            if (!names.Exists(pattern.IsMatch))
                throw new JobsException(JobsError.JobTypeNotFound, $"No job type '{type}' is registered in this session. Register-JobType first.") { Target = type };
        }
    }

    private bool IsServed(JobType type) => Type is null || Type.Any(wanted => new WildcardPattern(wanted, WildcardOptions.IgnoreCase).IsMatch(type.Name));

    private PoolOptions Options()
    {
        var options = new PoolOptions();
        return options with
        {
            Workers = Has(nameof(Workers)) ? Workers : options.Workers,
            BatchSize = Has(nameof(BatchSize)) ? BatchSize : options.BatchSize,
            PollInterval = Has(nameof(PollInterval)) ? PollInterval : options.PollInterval,
            StaleTimeout = Has(nameof(StaleTimeout)) ? StaleTimeout : options.StaleTimeout,
            ShutdownTimeout = Has(nameof(ShutdownTimeout)) ? ShutdownTimeout : options.ShutdownTimeout,
            Types = Type,
            Queues = Queue ?? options.Queues,
            Name = Name,
            UntilEmpty = UntilEmpty,
            IncludeRetries = IncludeRetries,
            MaxJobs = Has(nameof(MaxJobs)) ? MaxJobs : null,
            RunFor = Has(nameof(RunFor)) ? RunFor : null,
            Verbose = InForeground && WantsVerbose(),
        };
    }
}
