using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>Makes the objects that a cmdlet emits of the jobs it reads.</summary>
internal sealed class JobObjects(JobClient client)
{
    private JobDataPage _page = new(client);

    public JobInfo Make(ScheduledJob job)
    {
        if (!job.DataIsOmitted) return new JobInfo(job, client);
        if (!_page.TryAdd(job.Id))
        {
            _page = new JobDataPage(client);
            _page.TryAdd(job.Id);
        }
        return new JobInfo(job, client, _page);
    }
}
