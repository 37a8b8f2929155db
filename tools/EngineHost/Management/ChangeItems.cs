using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "Item", DefaultParameterSetName = "pathSet", SupportsShouldProcess = true)]
public sealed class NewItemCommand : PathCommand
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "pathSet", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "nameSet", ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(Mandatory = true, ParameterSetName = "nameSet", ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public string? ItemType { get; set; }

    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => ForEach(Path, path =>
    {
        if (ShouldProcess(Name is null ? path : System.IO.Path.Combine(path, Name), "Create Item"))
            WriteObject(InvokeProvider.Item.New([path], Name, ItemType, Value, Force), enumerateCollection: true);
    });
}

[Cmdlet(VerbsCommon.Set, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class SetItemCommand : ItemCommand
{
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => ForEach(Paths, path =>
    {
        if (!ShouldProcess(path, "Set Item"))
            return;
        var changed = InvokeProvider.Item.Set([path], Value, Force, IsLiteral);
        if (PassThru)
            WriteObject(changed, enumerateCollection: true);
    });
}

[Cmdlet(VerbsCommon.Remove, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class RemoveItemCommand : ItemCommand
{
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => ForEach(Paths, path =>
    {
        RequireNamed(path);
        var hasChildren = !WildcardPattern.ContainsWildcardCharacters(path)
            && InvokeProvider.Item.IsContainer(path) && InvokeProvider.ChildItem.HasChild(path, force: true, IsLiteral);
        var mayRemove = Recurse || !hasChildren || ShouldContinue(
            $"The item at {path} has children and the Recurse parameter was not specified. If you continue, all children will be removed with the item.", "Confirm");
        if (mayRemove && ShouldProcess(path, "Remove Item"))
            InvokeProvider.Item.Remove([path], Recurse || hasChildren, Force, IsLiteral);
    });
}

[Cmdlet(VerbsCommon.Copy, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class CopyItemCommand : ItemCommand
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Container { get; set; } = true;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => ForEach(Paths, path =>
    {
        if (!ShouldProcess($"Item: {path} Destination: {Destination}", "Copy Item"))
            return;
        var containers = Container ? CopyContainers.CopyTargetContainer : CopyContainers.CopyChildrenOfTargetContainer;
        var copies = InvokeProvider.Item.Copy([path], Destination, Recurse, containers, Force, IsLiteral);
        if (PassThru)
            WriteObject(copies, enumerateCollection: true);
    });
}

[Cmdlet(VerbsCommon.Move, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class MoveItemCommand : ItemCommand
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => ForEach(Paths, path =>
    {
        if (!ShouldProcess($"Item: {path} Destination: {Destination}", "Move Item"))
            return;
        var moved = InvokeProvider.Item.Move([path], Destination, Force, IsLiteral);
        if (PassThru)
            WriteObject(moved, enumerateCollection: true);
    });
}
