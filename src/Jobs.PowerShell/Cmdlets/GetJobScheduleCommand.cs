using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Completion;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Lists recurring jobs as schedules, the next to run first.</summary>
[Cmdlet(VerbsCommon.Get, "JobSchedule")]
[OutputType(typeof(JobScheduleInfo))]
public sealed class GetJobScheduleCommand : JobsCmdlet
{
    /// <summary>The schedules' unique keys, with wildcards; default all, also those without a key.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ScheduleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? UniqueKey { get; set; }

    /// <summary>Schedules of one of these types, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Type { get; set; } = [];

    /// <summary>Adds so many of the next times, as Times; at most 1,000.</summary>
    [Parameter]
    [ValidateRange(1, 1_000)]
    public int Next { get; set; }

    private readonly List<string> _keys = [];

    private protected override void Process()
    {
        if (UniqueKey is not null) _keys.AddRange(UniqueKey);
    }

    private protected override void End()
    {
        if (MyInvocation.ExpectingInput && _keys.Count == 0) return;
        var schedules = Client.GetSchedulesAsync(Type, omitLargeData: true, StopToken).ToBlockingEnumerable(StopToken)
            .Select(job => new JobScheduleInfo(job, Next))
            .OrderBy(schedule => schedule.Next ?? DateTime.MaxValue)
            .ToList();
        // Unlike names, keys are exact.
        var patterns = _keys.ConvertAll(key => (Key: key, Pattern: WildcardPattern.ContainsWildcardCharacters(key) ? new WildcardPattern(key, WildcardOptions.None) : null));
        foreach (var schedule in schedules)
        {
            if (patterns.Count == 0 || patterns.Exists(wanted => wanted.Key == schedule.UniqueKey || wanted.Pattern?.IsMatch(schedule.UniqueKey ?? "") == true)) WriteObject(Shown(schedule));
        }
        foreach (var (key, _) in patterns.Where(wanted => wanted.Pattern is null && !schedules.Exists(schedule => schedule.UniqueKey == wanted.Key)))
            WriteError(new JobsException(JobsError.ScheduleNotFound, $"No recurring job that has not ended has the unique key '{key}'. Get-JobSchedule lists all.") { Target = key }, key);
    }

    // With more than one time a table has no room.
    private object Shown(JobScheduleInfo schedule)
    {
        if (Next == 0) return schedule;
        var shown = PSObject.AsPSObject(schedule);
        shown.TypeNames.Insert(0, typeof(JobScheduleInfo).FullName + "#Times");
        return shown;
    }
}
