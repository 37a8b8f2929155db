using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// The background jobs that handlers leave in a runspace. Those of Start-Job are in its repository, those of Start-ThreadJob with the module's own adapter, and
/// all thread jobs of a process wait in one queue: what a handler leaves there would hold up everyone's.
/// </summary>
internal sealed class BackgroundJobs
{
    private readonly JobRepository _repository;
    private readonly IDictionary _adapters;

    private BackgroundJobs(JobRepository repository, IDictionary adapters) => (_repository, _adapters) = (repository, adapters);

    /// <summary>Null where this PowerShell keeps its job sources otherwise.</summary>
    public static BackgroundJobs? Of(PSCmdlet pump, Runspace runspace) =>
        EngineInternals.JobSources(runspace) is { } adapters ? new BackgroundJobs(pump.JobRepository, adapters) : null;

    /// <summary>Stops and forgets all. Stopping may take as long as what a job runs: it is not waited for.</summary>
    public void Stop()
    {
        // The repository makes a list of none; the dictionary is empty until a module brings an adapter.
        if (_repository.Jobs is { Count: > 0 } jobs)
        {
            foreach (var job in jobs)
            {
                // A subscription still needs its own, and ends it.
                if (job is PSEventJob { JobStateInfo.State: JobState.NotStarted or JobState.Running }) continue;
                _repository.Remove(job);
                End(job);
            }
        }
        if (_adapters.Count == 0) return;
        foreach (JobSourceAdapter adapter in _adapters.Values)
        {
            foreach (var job in adapter.GetJobs())
            {
                adapter.RemoveJob(job);
                End(job);
            }
        }
    }

    private static void End(Job job) => ThreadPool.QueueUserWorkItem(static job =>
    {
        try
        {
            job.StopJob();
            job.Dispose();
        }
        catch (Exception e) when (e is InvalidOperationException or RuntimeException or ObjectDisposedException)
        {
            // It had ended already.
        }
    }, job, preferLocal: false);
}
