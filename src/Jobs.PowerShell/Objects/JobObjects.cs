using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>Makes the objects that a cmdlet emits of the jobs it reads.</summary>
internal sealed class JobObjects(JobClient client)
{
    private readonly StoreSituation _situation = new(client);
    private JobDataPage _page = new(client);

    public JobInfo Make(ScheduledJob job)
    {
        if (!job.DataIsOmitted) return new JobInfo(job, client, situation: _situation);
        if (!_page.TryAdd(job.Id))
        {
            _page = new JobDataPage(client);
            _page.TryAdd(job.Id);
        }
        return new JobInfo(job, client, _page, _situation);
    }
}
