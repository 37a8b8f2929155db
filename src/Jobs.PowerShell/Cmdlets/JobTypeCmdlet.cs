using System.Management.Automation;
using Jobs.PowerShell.Completion;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that does something to each job type it is given.</summary>
public abstract class JobTypeCmdlet : JobsCmdlet
{
    /// <summary>The types' names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];
}
