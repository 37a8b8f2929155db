using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Scheduling;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Reads jobs: by id, by what they are, in sum, or a repeated job's last runs.</summary>
[Cmdlet(VerbsCommon.Get, "JobStatus", DefaultParameterSetName = "Filter", SupportsPaging = true)]
[OutputType(typeof(JobInfo), ParameterSetName = ["Id", "Filter"])]
[OutputType(typeof(JobSummaryInfo), ParameterSetName = ["Summary"])]
[OutputType(typeof(JobRunInfo), ParameterSetName = ["Runs"])]
public sealed class GetJobStatusCommand : JobsCmdlet
{
    private readonly Batch<string> _ids = new(200);
    private JobObjects? _objects;

    /// <summary>The jobs, or their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Id")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Runs")]
    [JobReference]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Emits the last runs, at most 50, of repeated jobs, newest first.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Runs")]
    public SwitchParameter Runs { get; set; }

    /// <summary>Jobs in one of these statuses.</summary>
    [Parameter(ParameterSetName = "Filter")]
    public JobStatus[] Status { get; set; } = [];

    /// <summary>Jobs of one of these types, with wildcards.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [Parameter(ParameterSetName = "Summary")]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Type { get; set; } = [];

    /// <summary>Jobs in one of these queues, with wildcards.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [ArgumentCompleter(typeof(QueueCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Queue { get; set; } = [];

    /// <summary>Jobs scheduled then or later; a time without a zone is local.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [Instant(IsPast = true)]
    public DateTime Since { get; set; }

    /// <summary>Jobs scheduled then or earlier; a time without a zone is local.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [Instant(IsPast = true)]
    public DateTime Until { get; set; }

    /// <summary>Emits the oldest jobs first; default the newest.</summary>
    [Parameter(ParameterSetName = "Filter")]
    public SwitchParameter Oldest { get; set; }

    /// <summary>Counts jobs by status, with rates and durations: of all types, then of each.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Summary")]
    public SwitchParameter Summary { get; set; }

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "Summary":
                Summarize();
                break;
            case "Runs":
                foreach (var id in Id)
                    ListRuns(id);
                break;
            case "Id":
                foreach (var id in Id)
                {
                    if (_ids.Add(id)) Find();
                }
                break;
            default:
                Query();
                break;
        }
    }

    private protected override void End() => Find();

    private void Find()
    {
        if (_ids.Items.Count == 0) return;
        var client = Client;
        _objects ??= new JobObjects(client);
        var ids = _ids.Take();
        var found = Await(client.FindAsync(ids, omitLargeData: true, StopToken));
        for (var i = 0; i < ids.Count; i++)
        {
            if (found[i] is { } job)
                WriteObject(_objects.Make(job));
            else
                WriteError(new JobNotFoundException(ids[i]), ids[i]);
        }
    }

    private void ListRuns(string id)
    {
        try
        {
            foreach (var run in Await(Client.GetRunsAsync(id, StopToken)))
                WriteObject(new JobRunInfo(id, run));
        }
        catch (JobsException e) when (e.Error == JobsError.JobNotFound)
        {
            WriteError(e, id);
        }
    }

    private void Summarize()
    {
        var patterns = Type.Select(type => new WildcardPattern(type, WildcardOptions.IgnoreCase)).ToList();
        foreach (var summary in Await(Client.SummarizeAsync(StopToken)))
        {
            if (patterns.Count == 0 || patterns.Exists(pattern => pattern.IsMatch(summary.Type)))
                WriteObject(new JobSummaryInfo(summary));
        }
    }

    private void Query()
    {
        var client = Client;
        var query = new JobQuery
        {
            Statuses = Status,
            Types = Type,
            Queues = Queue,
            Since = Has(nameof(Since)) ? ScheduleTimes.Instant(Since) : null,
            Until = Has(nameof(Until)) ? ScheduleTimes.Instant(Until) : null,
            OldestFirst = Oldest,
            OmitLargeData = true,
            Skip = (long)Math.Min(PagingParameters.Skip, long.MaxValue),
            First = PagingParameters.First > long.MaxValue ? null : (long)PagingParameters.First,
        };
        if (PagingParameters.IncludeTotalCount)
            WriteObject(PagingParameters.NewTotalCount((ulong)Await(client.CountAsync(query, StopToken)), 1.0));
        if (query.First == 0) return;
        var objects = new JobObjects(client);
        foreach (var job in client.QueryAsync(query, StopToken).ToBlockingEnumerable(StopToken))
            WriteObject(objects.Make(job));
    }
}
