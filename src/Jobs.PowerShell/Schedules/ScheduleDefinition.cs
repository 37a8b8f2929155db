using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jobs.Core;
using Jobs.PowerShell.Binding;

namespace Jobs.PowerShell.Schedules;

/// <summary>A schedule as a file has it: under the names of New-ScheduledJob's parameters.</summary>
/// <param name="Request">What is scheduled.</param>
/// <param name="Hold">Whether it is held; null: it stays as it is.</param>
internal sealed record ScheduleDefinition(JobRequest Request, bool? Hold)
{
    private static readonly string[] s_names =
        ["Type", "Data", "Parameters", "Every", "At", "Cron", "TimeZone", "Missed", "Priority", "Queue", "Retries", "RetryDelay", "Backoff", "MaxRetryDelay", "Timeout", "Hold"];

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static ScheduleDefinition Read(string key, JsonNode? node)
    {
        if (node is not JsonObject members) throw new FormatException("a schedule is an object with at least Type, and Every or Cron");
        var given = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in members)
        {
            if (!s_names.Contains(name, StringComparer.OrdinalIgnoreCase)) throw new FormatException($"'{name}' is nothing that a schedule has: {string.Join(", ", s_names)}");
            if (!given.TryAdd(name, value)) throw new FormatException($"'{name}' is there twice");
        }
        string? Text(string name) => Get(name, value => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null, "a text");
        int? Number(string name) => Value<int>(name, value => value.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue(out int number) ? number : null, "a whole number");
        bool? Flag(string name) => Value<bool>(name, value => value.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }, "true or false");
        T? Choice<T>(string name) where T : struct, Enum => Value<T>(name, value => Enum.TryParse(value.ToString(), ignoreCase: true, out T choice) && Enum.IsDefined(choice) ? choice : null, string.Join(" or ", Enum.GetNames<T>()));
        TimeSpan? Time(string name) => Value<TimeSpan>(name, value => value.GetValueKind() switch
        {
            JsonValueKind.String => Duration.Parse(value.GetValue<string>()),
            JsonValueKind.Number => Duration.OfSeconds(value.GetValue<decimal>()),
            _ => null,
        }, "a duration such as '15m' or '01:30:00'");
        T? Value<T>(string name, Func<JsonNode, T?> read, string expected) where T : struct => given.GetValueOrDefault(name) is { } value ? Attempt(name, value, () => read(value) ?? throw Not(name, value, expected)) : null;
        T? Get<T>(string name, Func<JsonNode, T?> read, string expected) where T : class => given.GetValueOrDefault(name) is { } value ? read(value) ?? throw Not(name, value, expected) : null;

        var isParameters = given.TryGetValue("Parameters", out var parameters);
        if (isParameters && given.ContainsKey("Data")) throw new FormatException("Data and Parameters exclude one another");
        if (parameters is not (null or JsonObject)) throw Not("Parameters", parameters, "an object");
        var request = new JobRequest
        {
            Type = Text("Type") ?? throw new FormatException("it has no Type"),
            UniqueKey = key,
            IfExists = ExistingJob.Update,
            Data = (isParameters ? parameters ?? new JsonObject() : given.GetValueOrDefault("Data"))?.ToJsonString(),
            DataIsParameters = isParameters,
            Every = Time("Every"),
            Cron = Text("Cron"),
            TimeZone = Text("TimeZone"),
            At = Text("At") is { } at ? Instant.Parse(at, DateTime.Now, 1, CultureInfo.InvariantCulture) is { } time ? Scheduling.ScheduleTimes.Instant(time) : throw Not("At", at, "a time") : null,
            Missed = Choice<MissedPolicy>("Missed") ?? MissedPolicy.Skip,
            Priority = Number("Priority"),
            Queue = Text("Queue"),
            Retries = Number("Retries"),
            RetryDelay = Time("RetryDelay"),
            Backoff = Choice<BackoffKind>("Backoff"),
            MaxRetryDelay = Time("MaxRetryDelay"),
            Timeout = Time("Timeout"),
        };
        if (request.Every is null == request.Cron is null) throw new FormatException("a schedule has either Every or Cron");
        return new ScheduleDefinition(request, Flag(nameof(Hold)));
    }

    /// <summary>Writes what a recurring job says beyond its type's defaults, where those are everyone's.</summary>
    public static JsonObject Write(ScheduledJob job, JobDefaults defaults)
    {
        var general = new JobDefaults();
        var members = new JsonObject { ["Type"] = job.Type };
        if (job.Data is { } data) members[job.DataIsParameters ? "Parameters" : "Data"] = JsonNode.Parse(data);
        if (job.Every is { } every)
        {
            members["Every"] = Text(every);
            // The first of its times after it was made: always the same for a rhythm that stays.
            if ((job.Occurrence ?? job.Due) is { } regular)
                members["At"] = (regular - every * Math.Max(0, Math.Floor((regular - job.Created) / every))).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
        }
        if (job.Cron is not null) members["Cron"] = job.Cron;
        if (job.TimeZone is not null) members["TimeZone"] = job.TimeZone;
        if (job.Missed != MissedPolicy.Skip) members["Missed"] = job.Missed.ToString();
        void Add<T>(string name, T value, Func<JobDefaults, T> usual, Func<T, JsonNode?> write)
        {
            if (!Equals(value, usual(defaults)) || !Equals(value, usual(general))) members[name] = write(value);
        }
        Add("Priority", job.Priority, from => from.Priority, value => value);
        Add("Queue", job.Queue, from => from.Queue, value => value);
        Add("Retries", job.Retries, from => from.Retries, value => value);
        Add("RetryDelay", job.RetryDelay, from => from.RetryDelay, value => Text(value));
        Add("Backoff", job.Backoff, from => from.Backoff, value => value.ToString());
        Add("MaxRetryDelay", job.MaxRetryDelay, from => from.MaxRetryDelay, value => Text(value));
        Add("Timeout", job.Timeout, from => from.Timeout, value => value is { } time ? Text(time) : null);
        if (job.Status == JobStatus.Saved) members[nameof(Hold)] = true;
        return members;
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private static T Attempt<T>(string name, JsonNode value, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OverflowException)
        {
            throw Not(name, value, "less");
        }
    }

    private static FormatException Not(string name, object value, string expected) => new($"its {name} is {(value is JsonNode node ? node.ToJsonString() : $"'{value}'")}, where {expected} is expected");
}
