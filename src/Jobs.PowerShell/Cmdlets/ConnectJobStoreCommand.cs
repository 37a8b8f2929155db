using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Connects the session to a job store; without it, the first cmdlet that needs a store connects with the defaults.</summary>
[Cmdlet(VerbsCommunications.Connect, "JobStore", DefaultParameterSetName = "Server")]
[OutputType("Jobs.Core.StoreInfo")]
public sealed class ConnectJobStoreCommand : JobsCmdlet
{
    /// <summary>StackExchange.Redis configuration string, or a redis:// or rediss:// URL; default $env:JOBS_STORE, else localhost:6379.</summary>
    [Parameter(Position = 0, ParameterSetName = "Server")]
    [ValidateNotNullOrEmpty]
    public string? Configuration { get; set; }

    /// <summary>The database's number; default the configuration's, else 0.</summary>
    [Parameter(ParameterSetName = "Server")]
    [ValidateRange(0, int.MaxValue)]
    public int Database { get; set; }

    /// <summary>User and password; default the configuration's.</summary>
    [Parameter(ParameterSetName = "Server")]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The prefix of all keys, so that several stores can share a server; default jobs.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>Uses this machine's private server, and starts it when it does not run.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Local")]
    public SwitchParameter Local { get; set; }

    /// <summary>Where the private server keeps its data, one server a path; default a Jobs folder in the user's local application data.</summary>
    [Parameter(ParameterSetName = "Local")]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>How long finished jobs are kept, for all users of the store; default 7 days. A plain number is seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan FinishedRetention { get; set; }

    /// <summary>How long failed jobs are kept; default 30 days.</summary>
    [Parameter]
    [Duration]
    public TimeSpan FailedRetention { get; set; }

    /// <summary>How long cancelled jobs are kept; default 7 days.</summary>
    [Parameter]
    [Duration]
    public TimeSpan CancelledRetention { get; set; }

    /// <summary>How many finished, failed and cancelled jobs are kept at most, each; default 100,000.</summary>
    [Parameter]
    public int MaxHistory { get; set; }

    /// <summary>Emits what is known of the store.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process()
    {
        var dataPath = Local ? DataPath is null ? LocalServer.DefaultDataPath : GetUnresolvedProviderPathFromPSPath(DataPath) : null;
        var options = dataPath is null ? ServerOptions() : Await(LocalServer.StartAsync(dataPath, StopToken));
        options = options with { Namespace = Namespace ?? options.Namespace, Retention = Retention() };
        var connection = Session.Current.Connect(options, dataPath, StopToken);
        // Asked in any case: a connection that was open before may have been lost since.
        if (Await(connection.Store.IsEvictingAsync(StopToken)) || PassThru || WantsVerbose()) Describe(Await(connection.Store.GetInfoAsync(StopToken)));
    }

    private void Describe(StoreInfo info)
    {
        WriteVerbose($"Connected to {info.Server} {info.Version} at {info.Endpoint}, database {info.Database}, namespace '{info.Namespace}'.");
        if (info.DeniedCommands.Count > 0)
            WriteVerbose($"The user may not run {string.Join(", ", info.DeniedCommands)} on this namespace: what takes them is refused before it is sent.");
        if (info.IsEvicting) WriteWarning(info.Warning);
        if (PassThru) WriteObject(info);
    }

    private StoreOptions ServerOptions()
    {
        var options = Configuration is null ? Session.DefaultOptions() : new StoreOptions { Configuration = Configuration };
        if (Has(nameof(Database))) options = options with { Database = Database };
        if (Credential is { } credential)
            options = options with { User = credential.UserName, Password = credential.GetNetworkCredential().Password };
        return options;
    }

    private RetentionOptions? Retention()
    {
        var kept = new RetentionOptions();
        var asked = kept with
        {
            Finished = Has(nameof(FinishedRetention)) ? FinishedRetention : kept.Finished,
            Failed = Has(nameof(FailedRetention)) ? FailedRetention : kept.Failed,
            Cancelled = Has(nameof(CancelledRetention)) ? CancelledRetention : kept.Cancelled,
            MaxCount = Has(nameof(MaxHistory)) ? MaxHistory : kept.MaxCount,
        };
        // Nothing asked: the store keeps its own rules.
        return Has(nameof(FinishedRetention)) || Has(nameof(FailedRetention)) || Has(nameof(CancelledRetention)) || Has(nameof(MaxHistory)) ? asked : null;
    }
}
