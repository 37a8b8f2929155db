using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.Group, "Object", DefaultParameterSetName = "Objects")]
public sealed class GroupObjectCommand : PSCmdlet
{
    private readonly List<GroupInfo> _groups = [];
    private List<Property> _properties = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "HashTable")]
    [Alias("AHT")]
    public SwitchParameter AsHashTable { get; set; }

    [Parameter(ParameterSetName = "HashTable")]
    public SwitchParameter AsString { get; set; }

    protected override void BeginProcessing() => _properties = Commands.Property.Read(Property);

    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;

        object?[] keys = _properties.Count == 0 ? [InputObject] : [.. _properties.Select(p => p.ValueOf(InputObject))];
        var group = _groups.Find(group => AreEqual(group.Values, keys));
        if (group is null)
            _groups.Add(group = NoElement ? new GroupInfoNoElement(keys) : new GroupInfo(keys));
        group.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        if (!AsHashTable)
        {
            var byKeys = Comparer<ArrayList>.Create(Compare);
            WriteObject(_groups.OrderBy(group => group.Values, byKeys), enumerateCollection: true);
            return;
        }

        var table = new Hashtable(CaseSensitive ? StringComparer.CurrentCulture : StringComparer.CurrentCultureIgnoreCase);
        foreach (var group in _groups)
        {
            var key = group.Values[0] is PSObject wrapped ? wrapped.BaseObject : group.Values[0];
            table[AsString ? group.Name : key ?? ""] = group.Group;
        }

        WriteObject(table);
    }

    private int Compare(ArrayList? left, ArrayList? right) =>
        Enumerable.Range(0, left!.Count)
            .Select(i => ValueComparer.Compare(left[i], right![i], CaseSensitive, CultureInfo.CurrentCulture))
            .FirstOrDefault(result => result != 0);

    private bool AreEqual(ArrayList known, object?[] keys) =>
        keys.Select((key, i) => ValueComparer.Compare(known[i], key, CaseSensitive, CultureInfo.CurrentCulture)).All(result => result == 0);
}

public class GroupInfo
{
    internal GroupInfo(object?[] values) => Values = [.. values];

    public ArrayList Values { get; }

    public int Count { get; private set; }

    public Collection<PSObject> Group { get; } = [];

    public string Name => string.Join(", ", Values.Cast<object?>());

    internal virtual void Add(PSObject item)
    {
        Count++;
        Keep(item);
    }

    private protected virtual void Keep(PSObject item) => Group.Add(item);
}

/// <summary>Has a view of its own in the engine: without the Group column.</summary>
public sealed class GroupInfoNoElement : GroupInfo
{
    internal GroupInfoNoElement(object?[] values)
        : base(values)
    {
    }

    private protected override void Keep(PSObject item)
    {
    }
}
