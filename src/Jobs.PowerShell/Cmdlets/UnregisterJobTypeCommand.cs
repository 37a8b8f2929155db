using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Forgets job types in this session: pools started from now on run none of their jobs. Jobs stay in the store.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "JobType", SupportsShouldProcess = true)]
public sealed class UnregisterJobTypeCommand : JobTypeCmdlet
{
    private protected override void Process()
    {
        var session = Session.Current;
        foreach (var name in Name)
        {
            if (!ShouldProcess($"Job type {name}", "Unregister")) continue;
            if (session.Types.Unregister(name))
                session.Handlers.TryRemove(name, out _);
            else
                WriteError(new JobsException(JobsError.JobTypeNotFound, $"No job type '{name}' is registered in this session."), name);
        }
    }
}
