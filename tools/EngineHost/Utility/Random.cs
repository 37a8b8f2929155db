using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "RandomNumber")]
public sealed class GetRandomCommand : PSCmdlet
{
    private readonly List<object?> _items = [];
    private Random _random = Random.Shared;

    [Parameter(ParameterSetName = "RandomNumber", Position = 0)]
    public object? Maximum { get; set; }

    [Parameter(ParameterSetName = "RandomNumber")]
    public object? Minimum { get; set; }

    [Parameter(ParameterSetName = "RandomListItem", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "Shuffle", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object[]? InputObject { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    [Parameter(ParameterSetName = "Shuffle", Mandatory = true)]
    public SwitchParameter Shuffle { get; set; }

    [Parameter]
    [ValidateNotNull]
    public int? SetSeed { get; set; }

    protected override void BeginProcessing() => _random = SetSeed is { } seed ? new Random(seed) : Random.Shared;

    protected override void ProcessRecord() => _items.AddRange(InputObject ?? []);

    protected override void EndProcessing()
    {
        if (ParameterSetName == "RandomNumber")
        {
            for (var i = 0; i < (Count ?? 1); i++)
                WriteNumber();
            return;
        }

        var items = _items.ToArray();
#pragma warning disable CA5394 // The name says random, not secret.
        _random.Shuffle(items);
#pragma warning restore CA5394
        foreach (var item in items.Take(Shuffle ? items.Length : Count ?? 1))
            WriteObject(item);
    }

    private void WriteNumber()
    {
        var (least, limit) = (Plain(Minimum) ?? 0, Plain(Maximum) ?? int.MaxValue);
#pragma warning disable CA5394
        if (least is double or float || limit is double or float)
        {
            var (from, to) = (LanguagePrimitives.ConvertTo<double>(least), LanguagePrimitives.ConvertTo<double>(limit));
            WriteObject(from + (_random.NextDouble() * (to - from)));
            return;
        }

        var number = _random.NextInt64(LanguagePrimitives.ConvertTo<long>(least), LanguagePrimitives.ConvertTo<long>(limit));
#pragma warning restore CA5394
        if (least is long || limit is long)
            WriteObject(number);
        else
            WriteObject((int)number);
    }

    private static object? Plain(object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain is string text ? LanguagePrimitives.ConvertTo<double>(text) is var number && number == (int)number ? (object)(int)number : number : plain;
    }
}

[Cmdlet(VerbsCommon.New, "Guid")]
public sealed class NewGuidCommand : PSCmdlet
{
    [Parameter]
    public SwitchParameter Empty { get; set; }

    protected override void EndProcessing() => WriteObject(Empty ? Guid.Empty : Guid.NewGuid());
}
