using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Sessions;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Pools;

/// <summary>Runs the -AfterJob script of a pool in the background: in a runspace of its own, one ended job at a time.</summary>
/// <param name="script">The script; it runs as text, since the block belongs to the session it was made in.</param>
/// <param name="languageMode">That session's language mode: the script may do no more here than there.</param>
/// <param name="pool">The pool, whose store the module's commands work on here.</param>
internal sealed class AfterJobRunner(ScriptBlock script, PSLanguageMode languageMode, RunningPool pool)
{
    public void Start() => new Thread(Run) { IsBackground = true, Name = "Jobs after-job script" }.Start();

    private void Run()
    {
        var initial = InitialSessionState.CreateDefault2();
        initial.LanguageMode = languageMode;
        using var runspace = RunspaceFactory.CreateRunspace(initial);
        HandlerScope.Current = new HandlerScope(_ => pool.Connection);
        try
        {
            // Where the script imports the module, that must not keep the session alive.
            WorkerRunspaces.Add(runspace);
            runspace.Open();
            OwnModule.OfferTo(runspace.SessionStateProxy.InvokeCommand);
            // An error that is only written would reach no one: as an exception it becomes a warning of the pool.
            runspace.SessionStateProxy.SetVariable("ErrorActionPreference", ActionPreference.Stop);
            Runspace.DefaultRunspace = runspace;
            var block = ScriptBlock.Create(script.ToString());
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
