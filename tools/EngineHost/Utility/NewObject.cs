using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string TypeName { get; set; } = "";

    [Parameter(Position = 1)]
    [Alias("Args")]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void BeginProcessing()
    {
        if (!LanguagePrimitives.TryConvertTo<Type>(TypeName, out var type))
        {
            var unknown = new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded.");
            ThrowTerminatingError(new ErrorRecord(unknown, "TypeNotFound", ErrorCategory.InvalidType, TypeName));
            return;
        }

        object created;
        if (type == typeof(PSObject) || type == typeof(PSCustomObject))
            created = new PSObject();
        else
            created = Construct(type);

        foreach (DictionaryEntry entry in Property ?? new Hashtable())
            Set(created, entry.Key.ToString()!, entry.Value);
        WriteObject(created);
    }

    // The engine chooses the constructor and converts the arguments. The table around the object keeps a collection whole.
    private object Construct(Type type)
    {
        var results = InvokeCommand.InvokeScript(
            "param($type, $arguments) @{ Created = $type::new.Invoke($arguments) }", useNewScope: true, PipelineResultTypes.None, null, type, ArgumentList);
        return ((Hashtable)results[0].BaseObject)["Created"]!;
    }

    private static void Set(object created, string name, object? value)
    {
        var target = PSObject.AsPSObject(created);
        if (target.Properties[name] is { } known)
            known.Value = value;
        else
            target.Properties.Add(new PSNoteProperty(name, value));
    }
}
