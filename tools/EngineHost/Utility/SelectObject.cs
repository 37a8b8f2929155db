using System.Management.Automation;
using System.Management.Automation.Internal;
using Jobs.EngineHost;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = "DefaultParameter")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _held = new();
    private readonly List<PSObject> _unique = [];
    private List<Property> _properties = [];
    private List<WildcardPattern> _excluded = [];
    private int _seen;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0, ParameterSetName = "DefaultParameter")]
    [Parameter(Position = 0, ParameterSetName = "SkipLastParameter")]
    public object[]? Property { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [Parameter(ParameterSetName = "SkipLastParameter")]
    public string[] ExcludeProperty { get; set; } = [];

    [Parameter(ParameterSetName = "DefaultParameter")]
    [Parameter(ParameterSetName = "SkipLastParameter")]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [Parameter(ParameterSetName = "SkipLastParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter(ParameterSetName = "SkipLastParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    [Parameter(ParameterSetName = "IndexParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int[]? Index { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [Parameter(ParameterSetName = "IndexParameter")]
    public SwitchParameter Wait { get; set; }

    protected override void BeginProcessing()
    {
        _properties = Commands.Property.Read(Property, "name", "label");
        _excluded = [.. ExcludeProperty.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        if (_properties.Count == 0 && _excluded.Count > 0)
            _properties = Commands.Property.Read(["*"]);
    }

    protected override void ProcessRecord()
    {
        if (InputObject == AutomationNull.Value)
            return;

        var position = _seen++;
        if (Index is not null)
        {
            if (Index.Contains(position))
                Emit(InputObject);
            StopWhen(Index.Length > 0 && position >= Index.Max());
        }
        else if (Last is not null)
        {
            ProcessForLast();
        }
        else if (position >= Skip)
        {
            ProcessInOrder();
        }
    }

    protected override void EndProcessing()
    {
        if (Last is not null)
        {
            // -Skip counts from the end when only the last are wanted.
            var keep = First is null ? Math.Max(0, _held.Count - Skip) : _held.Count;
            while (keep-- > 0)
                Emit(_held.Dequeue());
        }

        foreach (var unique in _unique)
            WriteObject(unique);
    }

    private void ProcessForLast()
    {
        if (First is { } first)
        {
            if (_seen <= Skip)
                return;
            if (_written < first)
            {
                Emit(InputObject);
                return;
            }
        }

        _held.Enqueue(InputObject);
        if (_held.Count > Last!.Value + (First is null ? Skip : 0))
            _held.Dequeue();
    }

    private void ProcessInOrder()
    {
        if (SkipLast > 0)
        {
            _held.Enqueue(InputObject);
            if (_held.Count > SkipLast)
                Emit(_held.Dequeue());
            return;
        }

        if (First is null || _written < First)
            Emit(InputObject);
        StopWhen(First is { } first && _written >= first);
    }

    private void StopWhen(bool done)
    {
        if (!done || Wait)
            return;
        // What -Unique still holds is written before the pipeline's upper part is ended.
        foreach (var unique in _unique)
            WriteObject(unique);
        _unique.Clear();
        throw EngineInternals.StopUpstream(this);
    }

    private void Emit(PSObject input)
    {
        _written++;
        var selected = Selected(input);
        if (ExpandProperty is not null)
            Expand(input, selected);
        else
            Write(selected ?? input);
    }

    private PSObject? Selected(PSObject input)
    {
        if (_properties.Count == 0)
            return null;

        var result = new PSObject();
        var baseType = input.BaseObject is PSCustomObject ? typeof(PSCustomObject) : input.BaseObject.GetType();
        result.TypeNames.Insert(0, "Selected." + baseType);
        foreach (var property in _properties)
        {
            var found = property.Of(input).ToList();
            if (found.Count == 0 && property.PlainName is { } missing)
                found.Add((missing, null, null));
            foreach (var (name, value, _) in found.Where(p => !_excluded.Exists(pattern => pattern.IsMatch(p.Name))))
            {
                if (result.Properties[name] is null)
                    result.Properties.Add(new PSNoteProperty(name, value));
                else if (!property.IsWildcard)
                    WriteError(new ErrorRecord(
                        new PSArgumentException($"The property cannot be processed because the property \"{name}\" already exists."),
                        "AlreadyExistingUserSpecifiedPropertyNoExpand", ErrorCategory.InvalidOperation, input));
            }
        }

        return result;
    }

    private void Expand(PSObject input, PSObject? selected)
    {
        var found = Commands.Property.Read([ExpandProperty!])[0].Of(input).ToList();
        if (found.Count == 0)
        {
            WriteError(new ErrorRecord(
                new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found."),
                "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, input));
            return;
        }

        if (found[0].Value is not { } value)
        {
            if (found[0].Error is null)
                Write(null);
            return;
        }

        foreach (var item in LanguagePrimitives.GetEnumerable(value)?.Cast<object?>() ?? [value])
        {
            if (item is null || selected is null)
            {
                Write(item is null ? null : PSObject.AsPSObject(item));
                continue;
            }

            var expanded = PSObject.AsPSObject(item).Copy();
            foreach (var property in selected.Properties)
                expanded.Properties.Add(new PSNoteProperty(property.Name, property.Value), preValidated: false);
            Write(expanded);
        }
    }

    private void Write(PSObject? output)
    {
        if (!Unique || output is null)
            WriteObject(output);
        else if (!_unique.Exists(known => AreSame(known, output)))
            _unique.Add(output);
    }

    private bool AreSame(PSObject left, PSObject right)
    {
        if (_properties.Count == 0)
            return LanguagePrimitives.Equals(left, right, ignoreCase: false, System.Globalization.CultureInfo.CurrentCulture);

        return left.Properties.Count() == right.Properties.Count()
            && left.Properties.All(property => right.Properties[property.Name] is { } other && LanguagePrimitives.Equals(property.Value, other.Value));
    }
}
