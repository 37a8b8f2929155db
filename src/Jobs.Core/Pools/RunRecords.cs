using System.Text.Json;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>What a run has said of itself and the store does not have yet: its last progress, and its log up to a cap.</summary>
internal sealed class RunRecords(StoreClock clock)
{
    private const int MaxEntries = 10_000;
    private const int MaxBytes = 1 << 20;
    private const int MaxMessage = 32 * 1024;

    private readonly Lock _gate = new();
    private List<string>? _entries;
    private JobProgress? _progress;
    private int? _taken;
    private int _written;
    private int _writtenBytes;
    private int _bytes;
    private bool _isPending;

    /// <summary>How much there is to be stored.</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>True when there was nothing to be stored before: the run then asks for it.</summary>
    public bool Set(JobProgress progress)
    {
        lock (_gate)
        {
            _progress = progress;
            return Pend();
        }
    }

    /// <inheritdoc cref="Set"/>
    public bool Add(JobLogLevel level, string message, int attempt)
    {
        lock (_gate)
        {
            if (IsFull) return false;
            if (message.Length > MaxMessage) message = message[..MaxMessage] + "…";
            var entry = Write(level, message, attempt);
            _written++;
            _writtenBytes += entry.Length; // ASCII: the rest is escaped
            if (IsFull) entry = Write(JobLogLevel.Warning, "The log of this attempt is full; what follows is not kept.", attempt);
            (_entries ??= []).Add(entry);
            _bytes += CallSize.Of(entry);
            return Pend();
        }
    }

    /// <summary>Takes what is to be stored.</summary>
    public Said Take()
    {
        lock (_gate)
        {
            var said = new Said(_progress, _entries ?? (IReadOnlyList<string>)[], _bytes, _taken);
            (_progress, _entries, _bytes, _isPending, _taken) = (null, null, 0, false, (_taken ?? 0) + said.Log.Count);
            return said;
        }
    }

    /// <summary>Takes back what the store may not have. True as <see cref="Set"/>.</summary>
    public bool PutBack(Said said)
    {
        lock (_gate)
        {
            _progress ??= said.Progress;
            _entries = [.. said.Log, .. _entries ?? []];
            _bytes += said.Bytes;
            _taken -= said.Log.Count;
            return Pend();
        }
    }

    private bool IsFull => _written > MaxEntries || _writtenBytes > MaxBytes;

    private string Write(JobLogLevel level, string message, int attempt) =>
        JsonSerializer.Serialize(new JobLogEntry(clock.Now, level, message, attempt), CoreJson.Default.JobLogEntry);

    private bool Pend()
    {
        if (_isPending) return false;
        return _isPending = true;
    }
}

/// <summary>What a run has said, on its way to the store.</summary>
/// <param name="Progress">The last progress; null when none is new.</param>
/// <param name="Log">Log entries.</param>
/// <param name="Bytes">How much it is.</param>
/// <param name="Before">How many entries of the run were taken before; null when nothing was.</param>
internal readonly record struct Said(JobProgress? Progress, IReadOnlyList<string> Log, int Bytes, int? Before)
{
    public static Said Nothing { get; } = new(null, [], 0, null);

    /// <summary>Appends it as the scripts that keep it take it: progress as JSON or '', how many log entries came before or '', how many come now, log entries.</summary>
    public void AppendTo(List<RedisValue> arguments)
    {
        arguments.Add(Progress is null ? "" : JsonSerializer.Serialize(Progress, CoreJson.Default.JobProgress));
        arguments.Add(Before ?? RedisValue.EmptyString);
        arguments.Add(Log.Count);
        foreach (var entry in Log) arguments.Add(entry);
    }
}
