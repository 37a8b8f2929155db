using System.Text.Json.Nodes;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Schedules;

/// <summary>What becomes of one schedule of a store when it is made what a file says.</summary>
/// <param name="definition">What the file says; null: it says nothing of it.</param>
/// <param name="wanted">The job as the definition would make it; null without one.</param>
/// <param name="existing">The job that has the key; null: none.</param>
internal sealed class SchedulePlan(ScheduleDefinition? definition, ScheduledJob? wanted, ScheduledJob? existing)
{
    public string Key => (wanted ?? existing)!.UniqueKey!;

    public ScheduledJob Job => (wanted ?? existing)!;

    public IReadOnlyList<string> Changes { get; } = wanted is null || existing is null ? [] : [.. Differences(definition!, wanted, existing)];

    public JobScheduleAction Action => wanted is null ? JobScheduleAction.Remove : existing is null ? JobScheduleAction.Add : Changes.Count > 0 ? JobScheduleAction.Change : JobScheduleAction.Keep;

    /// <summary>Does it. Gives the job's id.</summary>
    /// <param name="client">Who does it.</param>
    /// <param name="wait">Waits for the client.</param>
    public string Apply(JobClient client, Func<Task<ScheduledJob>, ScheduledJob> wait)
    {
        if (Action == JobScheduleAction.Keep) return existing!.Id;
        if (Action == JobScheduleAction.Remove) return wait(client.CancelAsync(existing!.Id)).Id;
        // A rhythm that stays keeps its next time.
        var staysOn = existing is not null && existing.Every == wanted!.Every && existing.Cron == wanted.Cron && existing.TimeZone == wanted.TimeZone;
        var request = definition!.Request;
        var job = wait(client.ScheduleAsync(request with { At = staysOn ? null : First(request), Hold = existing is null && definition.Hold == true }));
        if (existing is not null && definition.Hold is { } hold && hold != (existing.Status == JobStatus.Saved)) wait(hold ? client.HoldAsync(job.Id) : client.ResumeAsync(job.Id));
        return job.Id;
    }

    /// <summary>The first time that has not passed.</summary>
    private static DateTimeOffset? First(JobRequest request)
    {
        var now = DateTimeOffset.UtcNow;
        if (request.At is not { } at || at > now) return request.At;
        return request.Every is { } every && every > TimeSpan.Zero ? at + every * Math.Ceiling((now - at) / every) : null;
    }

    private static IEnumerable<string> Differences(ScheduleDefinition definition, ScheduledJob wanted, ScheduledJob existing)
    {
        string? Of(string name, object? now, object? then, bool same) => same ? null : $"{name} {Shown(now)} -> {Shown(then)}";
        bool Equal(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
        string?[] all =
        [
            Of("Type", existing.Type, wanted.Type, Equal(existing.Type, wanted.Type)),
            Of("Every", existing.Every, wanted.Every, existing.Every == wanted.Every),
            Of("Cron", existing.Cron, wanted.Cron, existing.Cron == wanted.Cron),
            Of("TimeZone", existing.TimeZone, wanted.TimeZone, existing.TimeZone == wanted.TimeZone),
            Of("Missed", existing.Missed, wanted.Missed, existing.Missed == wanted.Missed),
            .. DataDifferences(wanted.DataIsParameters ? "Parameters" : "Data", existing, wanted),
            Of("Priority", existing.Priority, wanted.Priority, existing.Priority == wanted.Priority),
            Of("Queue", existing.Queue, wanted.Queue, Equal(existing.Queue, wanted.Queue)),
            Of("Retries", existing.Retries, wanted.Retries, existing.Retries == wanted.Retries),
            Of("RetryDelay", existing.RetryDelay, wanted.RetryDelay, existing.RetryDelay == wanted.RetryDelay),
            Of("Backoff", existing.Backoff, wanted.Backoff, existing.Backoff == wanted.Backoff),
            Of("MaxRetryDelay", existing.MaxRetryDelay, wanted.MaxRetryDelay, existing.MaxRetryDelay == wanted.MaxRetryDelay),
            Of("Timeout", existing.Timeout, wanted.Timeout, existing.Timeout == wanted.Timeout),
            Of("Hold", existing.Status == JobStatus.Saved, definition.Hold, definition.Hold is not { } hold || hold == (existing.Status == JobStatus.Saved)),
        ];
        return all.OfType<string>();
    }

    /// <summary>Of two objects the members that differ, whatever their order and however numbers are written; else the whole.</summary>
    private static IEnumerable<string> DataDifferences(string name, ScheduledJob existing, ScheduledJob wanted)
    {
        JsonNode? now = Parse(existing.Data), then = Parse(wanted.Data);
        if (existing.DataIsParameters != wanted.DataIsParameters || now is not JsonObject before || then is not JsonObject after)
            return existing.DataIsParameters == wanted.DataIsParameters && JsonNode.DeepEquals(now, then) ? [] : [$"{name} {Shown(existing.Data)} -> {Shown(wanted.Data)}"];
        return after.Select(member => member.Key).Union(before.Select(member => member.Key))
            .Where(key => before.ContainsKey(key) != after.ContainsKey(key) || !JsonNode.DeepEquals(before[key], after[key]))
            .Select(key => $"{name}.{key} {Shown(before[key]?.ToJsonString())} -> {Shown(after[key]?.ToJsonString())}");

        static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);
    }

    private static string Shown(object? value) => value is null ? "none" : DisplayText.Line(value.ToString(), 60);
}
