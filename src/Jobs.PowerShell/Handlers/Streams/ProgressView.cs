using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Streams;

/// <summary>One line out of nested progress: the outermost activity, and what runs inside it as the current operation.</summary>
internal sealed class ProgressView
{
    // A handler may number its activities without end and complete none.
    private const int MaxActivities = 32;

    private readonly List<ProgressRecord> _active = [];

    public void Clear() => _active.Clear();

    /// <summary>What to show now; null: nothing new.</summary>
    public JobProgress? Update(ProgressRecord record)
    {
        var at = _active.FindIndex(active => active.ActivityId == record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (at >= 0) _active.RemoveAt(at);
            // The last thing said stands until the job ends.
            if (_active.Count == 0) return null;
        }
        else if (at >= 0)
        {
            _active[at] = record;
        }
        else
        {
            if (_active.Count == MaxActivities) _active.RemoveAt(_active.Count - 1);
            _active.Add(record);
        }
        var outer = _active.Find(active => active.ParentActivityId < 0 || _active.TrueForAll(other => other.ActivityId != active.ParentActivityId)) ?? _active[0];
        var inner = _active.FindLast(active => active != outer);
        var operation = inner is null ? Text(outer.CurrentOperation) : string.IsNullOrWhiteSpace(inner.StatusDescription) ? inner.Activity : $"{inner.Activity}: {inner.StatusDescription}";
        return new JobProgress(outer.Activity, Text(outer.StatusDescription), Math.Clamp(outer.PercentComplete, -1, 100), operation);
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
