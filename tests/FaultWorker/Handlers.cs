using System.Diagnostics;
using System.Globalization;
using Jobs.Core;

namespace Jobs.FaultWorker;

/// <summary>Handlers whose every start and end is in the history. The job's data is a number, its result the name of the run that ended it.</summary>
public static class Handlers
{
    public static JobTypeRegistry Register(RunLog log, JobTypeRegistry? types = null)
    {
        types ??= new JobTypeRegistry();
        Add(types, log, "work", (run, stopping) => Task.Delay(Number(run), stopping));
        Add(types, log, "flaky", async (run, stopping) =>
        {
            await Task.Delay(Number(run), stopping);
            if (run.Attempt == 1) throw new InvalidOperationException("The first attempt fails.");
        }, new JobDefaults { Retries = 10, RetryDelay = TimeSpan.Zero });
        Add(types, log, "poison", (_, _) =>
        {
            Process.GetCurrentProcess().Kill();
            return Task.Delay(Timeout.Infinite);
        });
        return types;
    }

    private static int Number(JobRun run) => int.Parse(run.Job.Data ?? "0", CultureInfo.InvariantCulture);

    private static void Add(JobTypeRegistry types, RunLog log, string name, Func<JobRun, CancellationToken, Task> body, JobDefaults? defaults = null) => types.Register(new JobType
    {
        Name = name,
        Defaults = defaults ?? new JobDefaults(),
        Handler = async (run, stopping) =>
        {
            var id = Guid.NewGuid().ToString("N");
            log.Write("start", run.Job.Id, run.Attempt, id);
            try
            {
                await body(run, stopping);
                log.Write("end", run.Job.Id, run.Attempt, id);
                return new JobOutput([$"\"{id}\""]);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                log.Write("stopped", run.Job.Id, run.Attempt, id);
                throw;
            }
            catch (InvalidOperationException)
            {
                log.Write("failed", run.Job.Id, run.Attempt, id);
                throw;
            }
        },
    });
}
