using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Chooses processes by name, id or object.</summary>
public abstract class ProcessCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ParameterSetName = "Id", ValueFromPipelineByPropertyName = true)]
    [Alias("PID")]
    public int[] Id { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    public Process[] InputObject { get; set; } = [];

    private protected abstract string[]? Names { get; }

    private protected IEnumerable<Process> Chosen() => ParameterSetName switch
    {
        "Id" => Id.Select(ById).OfType<Process>(),
        "InputObject" => InputObject,
        _ => (Names ?? ["*"]).SelectMany(ByName),
    };

    private Process? ById(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            NotFound($"Cannot find a process with the process identifier {id}.", "NoProcessFoundForGivenId", id);
            return null;
        }
    }

    private List<Process> ByName(string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        var found = Process.GetProcesses()
            .Where(process => pattern.IsMatch(process.ProcessName))
            .OrderBy(process => process.ProcessName, StringComparer.OrdinalIgnoreCase).ThenBy(process => process.Id)
            .ToList();
        if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            NotFound($"Cannot find a process with the name \"{name}\". Verify the process name and call the cmdlet again.", "NoProcessFoundForGivenName", name);
        return found;
    }

    private void NotFound(string message, string id, object target) =>
        WriteError(new ErrorRecord(new ProcessCommandException(message), id, ErrorCategory.ObjectNotFound, target));
}

[Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "Name")]
public sealed class GetProcessCommand : ProcessCommand
{
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    private protected override string[]? Names => Name;

    protected override void ProcessRecord() => WriteObject(Chosen(), enumerateCollection: true);
}

[Cmdlet(VerbsLifecycle.Stop, "Process", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
public sealed class StopProcessCommand : ProcessCommand
{
    [Parameter(Mandatory = true, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string[]? Names => Name;

    protected override void ProcessRecord()
    {
        foreach (var process in Chosen().Where(process => ShouldProcess($"{process.ProcessName} ({process.Id})", "Stop-Process")))
        {
            try
            {
                process.Kill();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                WriteError(new ErrorRecord(new ProcessCommandException(e.Message, e), "CouldNotStopProcess", ErrorCategory.CloseError, process));
                continue;
            }

            if (PassThru)
                WriteObject(process);
        }
    }
}

public sealed class ProcessCommandException : SystemException
{
    public ProcessCommandException()
    {
    }

    public ProcessCommandException(string message)
        : base(message)
    {
    }

    public ProcessCommandException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
