using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Waiting;

/// <summary>The bar that is seen while jobs are waited for: how many have ended, and what the first few say of themselves.</summary>
internal sealed class WaitProgress(Cmdlet cmdlet, IReadOnlyList<WaitedJob> jobs) : IDisposable
{
    private const int Whole = 1;
    private const int MostShown = 4;
    private readonly Dictionary<string, int> _shown = new(StringComparer.Ordinal);
    private int _nextActivity = Whole + 1;
    private bool _hasShown;

    public void Show()
    {
        var over = jobs.Count(job => job.IsOver);
        foreach (var id in _shown.Keys.Except(jobs.Where(Speaks).Select(job => job.Id)).ToList())
        {
            _shown.Remove(id, out var activity);
            Complete(activity);
        }
        if (over == jobs.Count) return;
        _hasShown = true;
        cmdlet.WriteProgress(new ProgressRecord(Whole, jobs.Count == 1 ? $"Waiting for job {jobs[0].Id}" : $"Waiting for {jobs.Count:N0} jobs", jobs.Count == 1 ? Name(jobs[0]) : $"{over:N0} of {jobs.Count:N0} have ended")
        {
            PercentComplete = jobs.Count == 1 ? -1 : (int)(100L * over / jobs.Count),
        });
        foreach (var job in jobs.Where(Speaks).Take(MostShown))
            Show(job, job.Job!.Progress!);
    }

    public void Dispose()
    {
        try
        {
            foreach (var activity in _shown.Values)
                Complete(activity);
            if (_hasShown) Complete(Whole);
        }
        catch (PipelineStoppedException)
        {
            // After Ctrl+C the host takes the bars away by itself.
        }
    }

    private void Show(WaitedJob job, JobProgress progress)
    {
        if (!_shown.TryGetValue(job.Id, out var activity)) _shown[job.Id] = activity = _nextActivity++;
        cmdlet.WriteProgress(new ProgressRecord(activity, Text(progress.Activity), Text(progress.Status ?? Name(job)))
        {
            ParentActivityId = Whole,
            PercentComplete = Math.Clamp(progress.PercentComplete, -1, 100),
            CurrentOperation = DisplayText.Line(progress.CurrentOperation, 200),
        });
    }

    private void Complete(int activity) =>
        cmdlet.WriteProgress(new ProgressRecord(activity, "Waiting", "Done") { RecordType = ProgressRecordType.Completed });

    private static bool Speaks(WaitedJob job) => job is { IsOver: false, Job: { Status: JobStatus.Executing, Progress: not null } };

    private static string Name(WaitedJob job) => job.Job is { } read ? $"{read.Type}: {read.Status}" : job.Id;

    // A progress record's words must not be empty.
    private static string Text(string text) => DisplayText.Line(text, 200) is { Length: > 0 } line ? line : " ";
}
