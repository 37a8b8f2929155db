using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Completion;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that does something to each job type it is given.</summary>
public abstract class JobTypeCmdlet : JobsCmdlet
{
    /// <summary>The types' names, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    private protected override void Process()
    {
        foreach (var name in Name)
        {
            foreach (var type in Meant(name))
            {
                try
                {
                    Act(type);
                }
                catch (JobsException e) when (e.Error is JobsError.JobTypeNotFound or JobsError.InvalidName)
                {
                    WriteError(e, type);
                }
            }
        }
    }

    /// <summary>The types that wildcards are held against.</summary>
    private protected abstract IEnumerable<string> Known();

    /// <summary>Does it to one type.</summary>
    private protected abstract void Act(string name);

    private string[] Meant(string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name)) return [name];
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return [.. Known().Where(pattern.IsMatch)];
    }
}
