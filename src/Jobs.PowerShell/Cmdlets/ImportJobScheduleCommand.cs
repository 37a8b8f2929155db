using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using Jobs.Core;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Schedules;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Makes the store's keyed schedules what a file says, and emits what it did to each; with -WhatIf what it would do.</summary>
[Cmdlet(VerbsData.Import, "JobSchedule", SupportsShouldProcess = true)]
[OutputType(typeof(JobScheduleChange))]
public sealed class ImportJobScheduleCommand : JobsCmdlet
{
    /// <summary>The file of schedules, .psd1 or .json.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Removes the schedules whose unique keys match one of these wildcards and that the file does not have.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ScheduleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Prune { get; set; } = [];

    private protected override void Process()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var file = ScheduleFile.Read(path);
        var client = Client;
        var existing = client.GetSchedulesAsync([], omitLargeData: false, StopToken).ToBlockingEnumerable(StopToken)
            .Where(job => job.UniqueKey is not null).ToDictionary(job => job.UniqueKey!, StringComparer.Ordinal);
        var plans = Plan(path, file, client, existing);
        // Wildcards of keys are exact, as the keys are.
        var pruned = Prune.Select(pattern => new WildcardPattern(pattern, WildcardOptions.None)).ToList();
        plans.AddRange(existing.Values
            .Where(job => pruned.Exists(pattern => pattern.IsMatch(job.UniqueKey!)) && !file.ContainsKey(job.UniqueKey!))
            .OrderBy(job => job.UniqueKey, StringComparer.Ordinal)
            .Select(job => new SchedulePlan(null, null, job)));

        // The plan that is emitted says it all.
        var isPlan = IsWhatIf;
        foreach (var plan in plans)
        {
            if (isPlan) WriteObject(new JobScheduleChange(plan, plan.Action == JobScheduleAction.Add ? null : plan.Job.Id, isDone: false));
            else if (plan.Action == JobScheduleAction.Keep || ShouldProcess($"Schedule {plan.Key}", plan.Action.ToString())) Apply(client, plan);
        }
    }

    private void Apply(JobClient client, SchedulePlan plan)
    {
        try
        {
            WriteObject(new JobScheduleChange(plan, plan.Apply(client, Await), isDone: true));
        }
        catch (JobsException e) when (e.Error is JobsError.JobExecuting or JobsError.JobEnded or JobsError.JobNotFound)
        {
            // It changed meanwhile; the others do not depend on it.
            WriteError(e, plan.Key);
        }
    }

    /// <summary>Everything is found right before anything is changed.</summary>
    private List<SchedulePlan> Plan(string path, JsonObject file, JobClient client, Dictionary<string, ScheduledJob> existing)
    {
        var plans = new List<SchedulePlan>();
        foreach (var (key, node) in file)
        {
            try
            {
                var definition = ScheduleDefinition.Read(key, node);
                Check(definition.Request);
                plans.Add(new SchedulePlan(definition, Await(client.PreviewAsync(definition.Request, StopToken)), existing.GetValueOrDefault(key)));
            }
            catch (Exception e) when (e is FormatException or HandlerException || e is JobsException { Error: var error } && IsOfDefinition(error))
            {
                WriteError(new ErrorRecord(new InvalidDataException($"Schedule '{key}' of '{path}' is wrong: {e.Message.TrimEnd('.')}.", e), "InvalidSchedule", ErrorCategory.InvalidData, key));
            }
        }
        var wrong = file.Count - plans.Count;
        return wrong == 0 ? plans : throw ScheduleFile.Invalid(path, $"{wrong} of its {file.Count} schedules {(wrong == 1 ? "is" : "are")} wrong; nothing was changed");
    }

    /// <summary>As New-ScheduledJob does, where the type is registered here.</summary>
    private static void Check(JobRequest request)
    {
        if (!Session.Current.Handlers.TryGetValue(request.Type, out var handler)) return;
        var data = request.Data is null ? null : JsonData.Deserialize(request.Data);
        if (request.DataIsParameters && data is IDictionary parameters) ParameterCheck.Check(handler, parameters);
        else ParameterCheck.Check(handler, data, request.Data is not null);
    }

    private static bool IsOfDefinition(JobsError error) => error is JobsError.InvalidName or JobsError.InvalidCron or JobsError.InvalidSchedule or JobsError.InvalidData
        or JobsError.TimeZoneNotFound or JobsError.PriorityOutOfRange or JobsError.RetriesOutOfRange or JobsError.DurationOutOfRange;
}
