using System.Management.Automation;
using Jobs.EngineHost;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true)]
public sealed class SetVariableCommand : PSCmdlet
{
    private readonly List<object?> _values = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    [Parameter]
    public string? Scope { get; set; }

    [Parameter]
    public ScopedItemOptions Option { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => _values.Add(Value);

    protected override void EndProcessing()
    {
        var value = _values.Count == 1 ? _values[0] : _values.ToArray();
        foreach (var name in Name.Where(name => ShouldProcess($"Name: {name} Value: {value}", "Set variable")))
        {
            var variable = new PSVariable(name, value, Option);
            ScopedVariables.Set(SessionState, variable, Scope ?? "local", Force);
            if (PassThru)
                WriteObject(variable);
        }
    }
}
