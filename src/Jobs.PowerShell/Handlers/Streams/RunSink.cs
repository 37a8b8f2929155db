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
    private const int MaxProgramLines = 5;
    private const int MaxProgramLine = 400;

    private readonly StringBuilder _line = new();
    private readonly ProgressView _progress = new();
    private readonly Queue<string> _programLines = new();
    private (string?, int, int) _program;
    private FormattedText? _formatted;
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
        _program = default;
        _programLines.Clear();
    }

    /// <summary>Takes in what is still being drawn as text. Called while the run's pipeline lives.</summary>
    public void Flush()
    {
        if (_formatted is null) return;
        foreach (var line in _formatted.End()) Keep(line);
        Forget();
    }

    /// <summary>The error of a run that an exception ended. A failed program's has what it wrote last to its error stream: an exit code alone says little.</summary>
    public JobError Explain(Exception exception, bool isDirect)
    {
        var error = ErrorDetail.Of(exception, isDirect);
        return _programLines.Count > 0
            && exception is IContainsErrorRecord { ErrorRecord: { FullyQualifiedErrorId: { } id } record }
            && id.StartsWith("ProgramExitedWithNonZeroCode", StringComparison.Ordinal) && PlaceOf(record) == _program
            ? error with { Message = string.Join(Environment.NewLine, [error.Message, .. _programLines]) }
            : error;
    }

    /// <summary>Where in the script something ran: the records of one program have it in common.</summary>
    private static (string?, int, int) PlaceOf(ErrorRecord record) =>
        record.InvocationInfo is { } call ? (call.ScriptName, call.ScriptLineNumber, call.OffsetInLine) : default;

    /// <summary>Ends the run's recording and gives its output.</summary>
    public JobOutput? End()
    {
        if (_line.Length > 0) WriteLine("");
        Forget();
        _progress.Clear();
        _run = null;
        var output = _items is null && !_truncated ? null : new JobOutput(_items ?? [], _truncated);
        _items = null;
        return output;
    }

    public void Output(object? item)
    {
        if (_run is null || _truncated) return;
        if (!FormattedText.Is(item))
        {
            Flush();
            Keep(item);
            return;
        }
        foreach (var line in (_formatted ??= new FormattedText()).Add(item)) Keep(line);
    }

    private void Forget()
    {
        _formatted?.Dispose();
        _formatted = null;
    }

    private void Keep(object? item)
    {
        if (_truncated) return;
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
        if (native) KeepLine(record);
        else FirstError ??= record;
        Log(JobLogLevel.Error, record.ToString());
    }

    private void KeepLine(ErrorRecord record)
    {
        // Of several programs the last one is meant.
        if (PlaceOf(record) is var place && place != _program)
        {
            _program = place;
            _programLines.Clear();
        }
        if (_programLines.Count == MaxProgramLines) _programLines.Dequeue();
        var line = record.ToString();
        _programLines.Enqueue(line.Length <= MaxProgramLine ? line : string.Concat(line.AsSpan(0, MaxProgramLine), "…"));
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
