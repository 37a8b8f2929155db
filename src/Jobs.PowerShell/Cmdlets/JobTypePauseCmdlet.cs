using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that pauses or resumes job types in all pools.</summary>
public abstract class JobTypePauseCmdlet : JobTypeCmdlet
{
    /// <summary>True: pauses. False: resumes.</summary>
    private protected abstract bool Pauses { get; }

    private protected override void Process()
    {
        foreach (var name in Name)
        {
            if (!ShouldProcess($"Job type {name}", Pauses ? "Suspend" : "Resume")) continue;
            try
            {
                Await(Client.SetTypePausedAsync(name, Pauses, StopToken));
            }
            catch (JobsException e) when (e.Error is JobsError.JobTypeNotFound or JobsError.InvalidName)
            {
                WriteError(e, name);
            }
        }
    }
}
