using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Jobs.Core;

/// <summary>Checks what comes from users, before anything is stored.</summary>
internal static class Validate
{
    public const int MaxPriority = 500_000;
    public const int MaxRetries = 1_000_000;
    public const int MaxDataBytes = 1 << 20;
    public const int MaxDataDepth = 32;

    public const int MaxConcurrency = 1_000_000;
    public const int MaxRate = 100_000;

    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(36_525);

    /// <summary>What recurs within a pool is waited for by timers, which end at 49 days; and nobody wants to notice a dead pool later than this.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsName(string name) => name.Length is > 0 and <= 100 && !name.AsSpan().ContainsAnyExcept(s_nameCharacters);

    public static void Name(string name, string what)
    {
        if (!IsName(name))
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
        Range(type.MaxConcurrency, 1, MaxConcurrency, nameof(type.MaxConcurrency));
        Range(type.RateLimit?.Count, 1, MaxRate, nameof(type.RateLimit));
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

    public static void Pool(PoolOptions options)
    {
        Range(options.Workers, 1, 10_000, nameof(options.Workers));
        Range(options.BatchSize, 0, 1000, nameof(options.BatchSize));
        Range(options.MaxJobs, 1, long.MaxValue, nameof(options.MaxJobs));
        Duration(options.PollInterval, TimeSpan.FromMilliseconds(1), LongestInterval, nameof(options.PollInterval), "1 ms to 1 day");
        Duration(options.StaleTimeout, TimeSpan.FromSeconds(1), LongestInterval, nameof(options.StaleTimeout), "1 s to 1 day");
        Duration(options.StopGrace, TimeSpan.FromMilliseconds(1), LongestInterval, nameof(options.StopGrace), "1 ms to 1 day");
        Grace(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        Positive(options.RunFor, nameof(options.RunFor));
        if (options.Queues.Count == 0) throw Error(JobsError.ValueOutOfRange, nameof(options.Queues), "A pool serves at least one queue.");
        foreach (var queue in options.Queues) Name(queue, "queue");
        if (options.Name is not null) Name(options.Name, "pool");
    }

    public static void Store(StoreOptions options)
    {
        Name(options.Namespace, "namespace");
        Duration(options.ConnectTimeout, TimeSpan.FromMilliseconds(1), LongestInterval, nameof(options.ConnectTimeout), "1 ms to 1 day");
        if (options.Retention is not { } retention) return;
        Delay(retention.Finished, "FinishedRetention");
        Delay(retention.Failed, "FailedRetention");
        Delay(retention.Cancelled, "CancelledRetention");
        Range(retention.MaxCount, 0, int.MaxValue, "MaxHistory");
    }

    public static void Range(long? value, long min, long max, string what)
    {
        if (value < min || value > max)
            throw Error(JobsError.ValueOutOfRange, what, $"{what} {value} is out of range: use {min:N0} {(max >= int.MaxValue ? "or more" : $"to {max:N0}")}.");
    }

    public static void Delay(TimeSpan? delay, string what) => Duration(delay, TimeSpan.Zero, LongestDuration, what, "0 to 100 years");

    public static void Positive(TimeSpan? duration, string what) => Duration(duration, TimeSpan.FromMilliseconds(1), LongestDuration, what, "1 ms to 100 years");

    /// <summary>How long running jobs may go on when a pool stops.</summary>
    public static void Grace(TimeSpan? grace, string what)
    {
        if (grace != Timeout.InfiniteTimeSpan) Delay(grace, what);
    }

    private static void Duration(TimeSpan? value, TimeSpan min, TimeSpan max, string what, string range)
    {
        if (value < min || value > max) throw Error(JobsError.DurationOutOfRange, what, $"{what} {value} is out of range: use {range}.");
    }

    public static void Data(string? json)
    {
        if (json is null) return;
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > MaxDataBytes)
            throw Error(JobsError.InvalidData, null, $"The data is {bytes:N0} bytes of JSON; at most {MaxDataBytes:N0} can be kept. Store it elsewhere and pass where.");
        var rented = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            Encoding.UTF8.GetBytes(json, rented);
            var reader = new Utf8JsonReader(rented.AsSpan(0, bytes), new JsonReaderOptions { MaxDepth = MaxDataDepth });
            while (reader.Read()) { }
        }
        catch (JsonException e)
        {
            throw new JobsException(JobsError.InvalidData, $"The data is not JSON of at most {MaxDataDepth} levels: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static JobsException Error(JobsError error, string? target, string message) => new(error, message) { Target = target };
}
