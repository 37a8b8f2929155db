using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>A cmdlet that does something to each job it is given.</summary>
public abstract class JobIdCmdlet : JobsCmdlet
{
    /// <summary>The jobs, or their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [JobReference]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    private protected override void Process()
    {
        foreach (var id in Id)
        {
            try
            {
                Act(id);
            }
            catch (JobNotFoundException e)
            {
                WriteError(e, id);
            }
        }
    }

    /// <summary>Does it to one job.</summary>
    private protected abstract void Act(string id);
}
