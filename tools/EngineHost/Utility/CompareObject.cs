using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.Compare, "Object")]
public sealed class CompareObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _difference = [];

    [Parameter(Position = 0, Mandatory = true)]
    [AllowEmptyCollection]
    public PSObject[] ReferenceObject { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject[] DifferenceObject { get; set; } = [];

    [Parameter]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    [Parameter]
    public SwitchParameter ExcludeDifferent { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    protected override void ProcessRecord() => _difference.AddRange(DifferenceObject);

    protected override void EndProcessing()
    {
        var properties = Commands.Property.Read(Property);
        var unmatched = new List<PSObject>();
        foreach (var reference in ReferenceObject)
        {
            var match = _difference.FindIndex(candidate => AreEqual(reference, candidate, properties));
            if (match < 0)
            {
                unmatched.Add(reference);
                continue;
            }

            _difference.RemoveAt(match);
            if (IncludeEqual)
                Write(reference, "==", properties);
        }

        if (ExcludeDifferent)
            return;
        foreach (var added in _difference)
            Write(added, "=>", properties);
        foreach (var missing in unmatched)
            Write(missing, "<=", properties);
    }

    private bool AreEqual(PSObject left, PSObject right, List<Property> properties) =>
        properties.Count == 0
            ? ValueComparer.Compare(left, right, CaseSensitive, CultureInfo.CurrentCulture) == 0
            : properties.TrueForAll(p => ValueComparer.Compare(p.ValueOf(left), p.ValueOf(right), CaseSensitive, CultureInfo.CurrentCulture) == 0);

    private void Write(PSObject item, string side, List<Property> properties)
    {
        var result = PassThru ? item : new PSObject();
        if (!PassThru && properties.Count == 0)
            result.Properties.Add(new PSNoteProperty("InputObject", item));
        foreach (var (name, value, _) in PassThru ? [] : properties.SelectMany(p => p.Of(item)))
            result.Properties.Add(new PSNoteProperty(name, value));

        result.Properties.Add(new PSNoteProperty("SideIndicator", side));
        WriteObject(result);
    }
}
