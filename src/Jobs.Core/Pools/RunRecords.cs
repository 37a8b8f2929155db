using System.Text.Json;
using Jobs.Core.Redis;

namespace Jobs.Core.Pools;

/// <summary>What a run has said of itself and the store does not have yet: its last progress, and its log up to a cap.</summary>
internal sealed class RunRecords(StoreClock clock)
{
    private const int MaxEntries = 10_000;
    private const int MaxCharacters = 1 << 20;
    private const int MaxMessage = 32 * 1024;

    private readonly Lock _gate = new();
    private List<string>? _entries;
    private JobProgress? _progress;
    private int _written;
    private int _characters;
    private bool _isPending;

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
            if (_written > MaxEntries || _characters > MaxCharacters) return false;
            if (message.Length > MaxMessage) message = message[..MaxMessage] + "…";
            _written++;
            _characters += message.Length + 80;
            if (_written > MaxEntries || _characters > MaxCharacters)
                (level, message) = (JobLogLevel.Warning, "The log of this attempt is full; what follows is not kept.");
            var entry = new JobLogEntry(clock.Now, level, message, attempt);
            (_entries ??= []).Add(JsonSerializer.Serialize(entry, CoreJson.Default.JobLogEntry));
            return Pend();
        }
    }

    /// <summary>Takes what is to be stored.</summary>
    public (string Progress, IReadOnlyList<string> Log) Take()
    {
        lock (_gate)
        {
            var progress = _progress is null ? "" : JsonSerializer.Serialize(_progress, CoreJson.Default.JobProgress);
            IReadOnlyList<string> log = _entries ?? (IReadOnlyList<string>)[];
            (_progress, _entries, _isPending) = (null, null, false);
            return (progress, log);
        }
    }

    /// <summary>Takes back log entries that could not be stored. True as <see cref="Set"/>.</summary>
    public bool PutBack(IReadOnlyList<string> log)
    {
        lock (_gate)
        {
            _entries = [.. log, .. _entries ?? []];
            return Pend();
        }
    }

    private bool Pend()
    {
        if (_isPending) return false;
        return _isPending = true;
    }
}
