using System.Text.Json;

namespace Jobs.Core;

/// <summary>Checks what comes from users, before anything is stored.</summary>
internal static class Validate
{
    public const int MaxPriority = 500_000;
    public const int MaxRetries = 1_000_000;
    public const int MaxDataBytes = 1 << 20;
    public const int MaxDataDepth = 32;

    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(36_525);

    public static void Name(string name, string what)
    {
        if (name.Length is 0 or > 100 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            throw Error(JobsError.InvalidName, name, $"'{name}' is not a name for a {what}: use 1 to 100 letters, digits, '.', '_' or '-'.");
    }

    public static void Type(JobType type)
    {
        Name(type.Name, "job type");
        var defaults = type.Defaults;
        Priority(defaults.Priority);
        Retries(defaults.Retries);
        Name(defaults.Queue, "queue");
        Delay(defaults.RetryDelay, nameof(defaults.RetryDelay));
        Delay(defaults.MaxRetryDelay, nameof(defaults.MaxRetryDelay));
        Positive(defaults.Timeout, nameof(defaults.Timeout));
        Range(type.MaxConcurrency, 1, 1_000_000, nameof(type.MaxConcurrency));
        Range(type.RateLimit?.Count, 1, 100_000, nameof(type.RateLimit));
        Positive(type.RateLimit?.Window, nameof(type.RateLimit));
    }

    public static void Priority(int? priority)
    {
        if (priority is < -MaxPriority or > MaxPriority)
            throw Error(JobsError.PriorityOutOfRange, $"{priority}", $"Priority {priority} is out of range: use -{MaxPriority:N0} to {MaxPriority:N0}; higher runs first.");
    }

    public static void Retries(int? retries)
    {
        if (retries is < 0 or > MaxRetries)
            throw Error(JobsError.RetriesOutOfRange, $"{retries}", $"Retries {retries} is out of range: use 0 to {MaxRetries:N0}.");
    }

    public static void Range(int? value, int min, int max, string what)
    {
        if (value < min || value > max)
            throw Error(JobsError.ValueOutOfRange, what, $"{what} {value} is out of range: use {min:N0} to {max:N0}.");
    }

    public static void Delay(TimeSpan? delay, string what)
    {
        if (delay < TimeSpan.Zero || delay > LongestDuration)
            throw Error(JobsError.DurationOutOfRange, what, $"{what} {delay} is out of range: use 0 to 100 years.");
    }

    public static void Positive(TimeSpan? duration, string what)
    {
        if (duration < TimeSpan.FromMilliseconds(1) || duration > LongestDuration)
            throw Error(JobsError.DurationOutOfRange, what, $"{what} {duration} is out of range: use 1 ms to 100 years.");
    }

    public static void Data(string? json)
    {
        if (json is null) return;
        var bytes = System.Text.Encoding.UTF8.GetByteCount(json);
        if (bytes > MaxDataBytes)
            throw Error(JobsError.InvalidData, null, $"The data is {bytes:N0} bytes of JSON; at most {MaxDataBytes:N0} can be kept. Store it elsewhere and pass where.");
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = MaxDataDepth });
            while (reader.Read()) { }
        }
        catch (JsonException e)
        {
            throw new JobsException(JobsError.InvalidData, $"The data is not JSON of at most {MaxDataDepth} levels: {e.Message}", e);
        }
    }

    private static JobsException Error(JobsError error, string? target, string message) => new(error, message) { Target = target };
}
