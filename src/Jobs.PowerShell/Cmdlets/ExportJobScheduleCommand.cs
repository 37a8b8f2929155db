using System.Management.Automation;
using System.Text.Json.Nodes;
using Jobs.Core;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Schedules;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Writes the store's keyed schedules to a file that can be read, compared, kept with the sources, and imported.</summary>
[Cmdlet(VerbsData.Export, "JobSchedule", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ExportJobScheduleCommand : JobsCmdlet
{
    /// <summary>The file, .psd1 or .json; one that is there is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Schedules whose unique keys match one of these, with wildcards; default all.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ScheduleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] UniqueKey { get; set; } = ["*"];

    /// <summary>Schedules of one of these types, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Type { get; set; } = [];

    private protected override void Process()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var client = Client;
        var patterns = UniqueKey.Select(key => new WildcardPattern(key, WildcardOptions.None)).ToList();
        var jobs = client.GetSchedulesAsync(Type, omitLargeData: false, StopToken).ToBlockingEnumerable(StopToken).ToList();
        var defaults = new Dictionary<string, JobDefaults>(StringComparer.OrdinalIgnoreCase);
        var file = new JsonObject();
        foreach (var job in jobs.Where(job => job.UniqueKey is not null && patterns.Exists(pattern => pattern.IsMatch(job.UniqueKey))).OrderBy(job => job.UniqueKey, StringComparer.Ordinal))
        {
            if (!defaults.TryGetValue(job.Type, out var usual)) defaults[job.Type] = usual = Await(client.DefaultsAsync(job.Type, StopToken));
            file[job.UniqueKey!] = ScheduleDefinition.Write(job, usual);
        }
        if (!ShouldProcess(path, $"Export {file.Count} schedule{(file.Count == 1 ? "" : "s")}")) return;
        ScheduleFile.Write(path, file);
        if (!Has(nameof(UniqueKey)) && jobs.Count(job => job.UniqueKey is null) is > 0 and var unkeyed)
            WriteWarning($"{unkeyed} recurring job{(unkeyed == 1 ? " has" : "s have")} no unique key and can't be exported: without one, an import would make another each time.");
    }
}
