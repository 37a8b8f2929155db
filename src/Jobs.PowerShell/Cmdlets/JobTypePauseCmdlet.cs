namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that pauses or resumes job types in all pools.</summary>
public abstract class JobTypePauseCmdlet : JobTypeCmdlet
{
    /// <summary>True: pauses. False: resumes.</summary>
    private protected abstract bool Pauses { get; }

    private protected override IEnumerable<string> Known() =>
        Await(Client.GetTypesAsync(StopToken)).Select(type => type.Name)
            .Union(Session.Current.Types.All.Select(type => type.Name), StringComparer.OrdinalIgnoreCase);

    private protected override void Act(string name)
    {
        if (ShouldProcess($"Job type {name}", Pauses ? "Suspend" : "Resume"))
            Await(Client.SetTypePausedAsync(name, Pauses, StopToken));
    }
}
