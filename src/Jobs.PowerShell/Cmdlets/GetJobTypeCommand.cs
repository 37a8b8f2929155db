using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Completion;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Lists the session's job types and those of the store, with totals, limits, and whether they are suspended.</summary>
[Cmdlet(VerbsCommon.Get, "JobType")]
[OutputType(typeof(JobTypeStatus))]
public sealed class GetJobTypeCommand : JobsCmdlet
{
    /// <summary>Names, with wildcards; default all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    private protected override void Process()
    {
        var registered = Session.Current.Types.All.ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);
        var stored = Stored(registered.Count > 0).ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);
        var names = stored.Keys.Union(registered.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var wanted in Name)
        {
            var pattern = new WildcardPattern(wanted, WildcardOptions.IgnoreCase);
            var found = names.FindAll(pattern.IsMatch);
            foreach (var name in found)
                WriteObject(new JobTypeStatus(name, registered.GetValueOrDefault(name), stored.GetValueOrDefault(name)));
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(wanted))
                WriteError(new JobsException(JobsError.JobTypeNotFound, $"No job type '{wanted}' is registered in this session or known to the store."), wanted);
        }
    }

    // Without a store there is still something to tell, as long as the session has types.
    private IReadOnlyList<JobTypeInfo> Stored(bool hasRegistered)
    {
        try
        {
            return Await(Client.GetTypesAsync(StopToken));
        }
        catch (JobsException e) when (hasRegistered)
        {
            WriteWarning($"Only this session's types are shown: {e.Message}");
            return [];
        }
    }
}
