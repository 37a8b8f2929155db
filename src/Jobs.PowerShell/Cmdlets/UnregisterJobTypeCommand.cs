using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Forgets job types in this session: its pools run none of their jobs any more, and what they have claimed goes back to its queue. Jobs stay in the store.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "JobType", SupportsShouldProcess = true)]
public sealed class UnregisterJobTypeCommand : JobTypeCmdlet
{
    private protected override IEnumerable<string> Known() => Session.Current.Types.All.Select(type => type.Name);

    private protected override void Act(string name)
    {
        if (!ShouldProcess($"Job type {name}", "Unregister")) return;
        var session = Session.Current;
        if (!session.Types.Unregister(name))
            throw new JobsException(JobsError.JobTypeNotFound, $"No job type '{name}' is registered in this session.") { Target = name };
        session.Handlers.TryRemove(name, out _);
    }
}
