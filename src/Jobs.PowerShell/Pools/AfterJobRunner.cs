using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Pools;

/// <summary>Runs the -AfterJob script of a pool in the background: in a runspace of its own, one ended job at a time.</summary>
internal sealed class AfterJobRunner(string script, RunningPool pool)
{
    public void Start() => new Thread(Run) { IsBackground = true, Name = "Jobs after-job script" }.Start();

    private void Run()
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        try
        {
            // Where the script imports the module, that must not keep the session alive.
            WorkerRunspaces.Add(runspace);
            runspace.Open();
            // An error that is only written would reach no one: as an exception it becomes a warning of the pool.
            runspace.SessionStateProxy.SetVariable("ErrorActionPreference", ActionPreference.Stop);
            Runspace.DefaultRunspace = runspace;
            var block = ScriptBlock.Create(script);
            var ended = pool.Pool.Ended;
            while (Next())
            {
                while (ended.TryRead(out var job))
                    Call(block, new JobInfo(job, pool.Connection.Client));
            }
        }
        catch (RuntimeException e)
        {
            Warn(e);
        }
        finally
        {
            Runspace.DefaultRunspace = null;
        }
    }

    /// <summary>Waits for an ended job; false when the pool has ended and there is none.</summary>
    private bool Next()
    {
        var more = pool.Pool.Ended.WaitToReadAsync().AsTask();
        Task.WaitAny(more, pool.Completion);
        return more.IsCompleted ? more.Result : pool.Pool.Ended.TryPeek(out _);
    }

    private void Call(ScriptBlock block, JobInfo job)
    {
        try
        {
            block.InvokeWithContext(null, [new PSVariable("_", job)], job);
        }
        catch (Exception e) when (e is RuntimeException or FlowControlException)
        {
            Warn(e);
        }
    }

    private void Warn(Exception e) => pool.Tell(new PoolEvent(PoolEventLevel.Warning, $"The -AfterJob script failed: {e.Message}"));
}
