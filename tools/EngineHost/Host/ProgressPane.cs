using System.Management.Automation;

namespace Jobs.EngineHost.Host;

/// <summary>Progress bars, a line each, under the last line of output; gone before anything else is written.</summary>
internal sealed class ProgressPane
{
    private const int MaxLines = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly List<ProgressRecord> _records = [];
    private long _lastDrawn;
    private int _linesOnScreen;

    public void Show(ProgressRecord record, bool mayDraw)
    {
        var known = _records.FindIndex(r => r.ActivityId == record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _records.RemoveAll(r => r.ActivityId == record.ActivityId || r.ParentActivityId == record.ActivityId);
            Erase();
        }
        else if (known >= 0)
        {
            _records[known] = record;
        }
        else
        {
            _records.Add(record);
        }

        if (mayDraw && (known < 0 || TimeProvider.System.GetElapsedTime(_lastDrawn) >= Pace))
            Draw();
    }

    public void Clear()
    {
        _records.Clear();
        Erase();
    }

    public void Erase()
    {
        if (_linesOnScreen == 0)
            return;
        // Up to the first of our lines, then clear to the end of the screen.
        Console.Out.Write((_linesOnScreen > 1 ? $"\e[{_linesOnScreen - 1}A" : "") + "\r\e[J");
        _linesOnScreen = 0;
    }

    private void Draw()
    {
        Erase();
        var width = Math.Max(20, Console.WindowWidth - 1);
        var lines = _records.TakeLast(MaxLines).Select(record => Line(record, width)).ToList();
        Console.Out.Write(string.Join(Environment.NewLine, lines));
        _linesOnScreen = lines.Count;
        _lastDrawn = TimeProvider.System.GetTimestamp();
    }

    private static string Line(ProgressRecord record, int width)
    {
        var words = new[] { record.Activity, record.StatusDescription, record.CurrentOperation }.Where(word => !string.IsNullOrWhiteSpace(word));
        var text = string.Join(": ", words).ReplaceLineEndings(" ");
        if (record.PercentComplete >= 0)
            text = $"{record.PercentComplete,3}% {text}";
        if (record.SecondsRemaining >= 0)
            text += $" ({TimeSpan.FromSeconds(record.SecondsRemaining):c} left)";

        text = text.Length > width ? text[..width] : text.PadRight(width);
        var done = width * Math.Clamp(record.PercentComplete, 0, 100) / 100;
        return $"{PSStyle.Instance.Progress.Style}\e[7m{text[..done]}\e[27m{text[done..]}{PSStyle.Instance.Reset}";
    }
}
