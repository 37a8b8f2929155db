using System.Management.Automation;
using System.Text;
using Jobs.Core;
using Jobs.PowerShell.Data;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Handlers.Streams;

/// <summary>
/// Takes what a worker's pipeline writes and gives it to the job that is running: the records arrive on the pipeline's own thread, in order.
/// Nothing is kept beyond the run, and its output only up to the limit.
/// </summary>
internal sealed class RunSink
{
    private const int MaxLine = 1 << 16;

    private readonly StringBuilder _line = new();
    private readonly ProgressView _progress = new();
    private IRun? _run;
    private List<string>? _items;
    private int _bytes;
    private bool _truncated;

    /// <summary>The first error record that a strict policy fails the run for.</summary>
    public ErrorRecord? FirstError { get; private set; }

    public void Begin(IRun run)
    {
        _run = run;
        _items = null;
        _bytes = 0;
        _truncated = false;
        FirstError = null;
    }

    /// <summary>Ends the run's recording and gives its output.</summary>
    public JobOutput? End()
    {
        if (_line.Length > 0) WriteLine("");
        _progress.Clear();
        _run = null;
        var output = _items is null && !_truncated ? null : new JobOutput(_items ?? [], _truncated);
        _items = null;
        return output;
    }

    public void Output(object? item)
    {
        if (_run is null || _truncated) return;
        var json = JsonData.SerializeOutput(item, JobOutput.MaxBytes - _bytes);
        if (json is null || (_bytes += Encoding.UTF8.GetByteCount(json)) > JobOutput.MaxBytes)
        {
            _truncated = true;
            return;
        }
        (_items ??= []).Add(json);
    }

    public void Error(ErrorRecord record)
    {
        // What a program writes to its error stream is as often news as trouble: its exit code decides.
        var native = record.FullyQualifiedErrorId is { } id && id.StartsWith("NativeCommandError", StringComparison.Ordinal);
        if (!native) FirstError ??= record;
        Log(JobLogLevel.Error, record.ToString());
    }

    public void Information(InformationRecord record)
    {
        // Write-Host's come to the host as well, as lines.
        if (!record.Tags.Contains("PSHOST")) Log(JobLogLevel.Information, record.ToString());
    }

    public void Progress(ProgressRecord record)
    {
        if (_run is not null && _progress.Update(record) is { } progress) _run.Report(progress);
    }

    public void Log(JobLogLevel level, string? message)
    {
        if (_run is null) return;
        message ??= "";
        _run.Log(level, message.Length <= MaxLine ? message : string.Concat(message.AsSpan(0, MaxLine), "…"));
    }

    /// <summary>Text without an end of line, as of <c>Write-Host -NoNewline</c>.</summary>
    public void Write(string? text)
    {
        if (_run is null || text is null) return;
        _line.Append(text.AsSpan(0, Math.Min(text.Length, MaxLine + 1 - _line.Length)));
        if (_line.Length > MaxLine) WriteLine("");
    }

    public void WriteLine(string? text)
    {
        if (_run is null) return;
        if (_line.Length > 0)
        {
            text = _line.Append(text).ToString();
            _line.Clear();
        }
        Log(JobLogLevel.Information, text);
    }
}
