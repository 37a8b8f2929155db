using Jobs.Core;

namespace Jobs.Tests.Faults;

/// <summary>What went wrong, counted.</summary>
internal sealed record Findings
{
    public List<string> Lost { get; } = [];

    public List<string> Stuck { get; } = [];

    public List<string> Overlaps { get; } = [];

    /// <summary>The outcome kept is not that of the last run.</summary>
    public List<string> StaleWrites { get; } = [];

    /// <summary>Runs repeated although no fault met them.</summary>
    public List<string> Unexplained { get; } = [];

    public List<string> Inconsistent { get; } = [];

    public int Executions { get; set; }

    public int Repeated { get; set; }

    public IEnumerable<string> All => [.. Lost, .. Stuck, .. Overlaps, .. StaleWrites, .. Unexplained, .. Inconsistent];
}

/// <summary>Holds the history of executions against the schedules that were acknowledged and what the store says in the end.</summary>
internal static class Checker
{
    public static async Task<Findings> CheckAsync(History history, JobClient client, StoreAudit audit, IReadOnlyCollection<string> acknowledged)
    {
        var findings = new Findings();
        var runs = history.Read();
        foreach (var (id, job) in acknowledged.Zip(await client.FindAsync([.. acknowledged])))
        {
            if (job is null)
            {
                findings.Lost.Add($"{id} was acknowledged and is gone");
                continue;
            }
            if (job.Status is not (JobStatus.Finished or JobStatus.Failed or JobStatus.Cancelled)) findings.Stuck.Add($"{id} is {job.Status}");
            if (job.Status == JobStatus.Finished && !runs.Contains(id)) findings.Lost.Add($"{id} is finished and never ran");
            await CheckRunsAsync(findings, history, client, job, [.. runs[id]]);
        }
        findings.Inconsistent.AddRange(await audit.CheckAsync());
        return findings;
    }

    private static async Task CheckRunsAsync(Findings findings, History history, JobClient client, ScheduledJob job, Execution[] runs)
    {
        findings.Executions += runs.Length;
        findings.Repeated += Math.Max(0, runs.Count(run => run.How != "failed") - 1);
        for (var i = 1; i < runs.Length; i++)
        {
            var (before, after) = (runs[i - 1], runs[i]);
            if (before.End is not { } end || end > after.Start)
                findings.Overlaps.Add($"{job.Id}: run {before.Run} from {before.Start} to {before.End} ({before.How}), the next from {after.Start}");
            else if (before.How != "failed" && !history.WasFaulty(before.Start, end))
                findings.Unexplained.Add($"{job.Id}: run {before.Run} from {before.Start} to {end} ({before.How}) was repeated at {after.Start}");
        }
        // A run that outlived its claim would leave its name although a newer one has begun.
        if (job.Status == JobStatus.Finished && runs.Length > 1 && (await client.GetOutputAsync(job.Id))?.Items is [var output] && output.Trim('"') != runs[^1].Run)
            findings.StaleWrites.Add($"{job.Id} was ended by run {output}, the last was {runs[^1].Run}");
    }
}
