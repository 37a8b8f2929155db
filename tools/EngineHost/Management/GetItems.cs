using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItemCommand : ItemCommand
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() =>
        ForEach(Paths, path => WriteObject(InvokeProvider.Item.Get([path], Force, IsLiteral), enumerateCollection: true));
}

[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Items")]
public sealed class GetChildItemCommand : PathCommand
{
    [Parameter(Position = 0, ParameterSetName = "Items", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralItems", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public uint? Depth { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    [Parameter]
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    [Alias("af")]
    public SwitchParameter File { get; set; }

    protected override void ProcessRecord() => ForEach(IsLiteral ? LiteralPath : Path ?? ["."], path =>
    {
        RequireNamed(path);
        var depth = Depth ?? (Recurse ? uint.MaxValue : 0);
        foreach (var item in InvokeProvider.ChildItem.Get([path], Recurse || Depth is not null, depth, Force, IsLiteral).Where(IsWanted))
            WriteObject(Name ? NameOf(item, path) : item);
    });

    private bool IsWanted(PSObject item)
    {
        var name = item.Properties["PSChildName"]?.Value as string ?? "";
        var isContainer = item.Properties["PSIsContainer"]?.Value is true;
        return (!File || !isContainer)
            && (!Directory || isContainer)
            && (Filter is null || IsMatch(Filter, name))
            && (Include is null || Include.Any(pattern => IsMatch(pattern, name)))
            && (Exclude is null || !Exclude.Any(pattern => IsMatch(pattern, name)));
    }

    private static bool IsMatch(string pattern, string name) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);

    private string NameOf(PSObject item, string path) =>
        item.BaseObject is FileSystemInfo file && Recurse
            ? System.IO.Path.GetRelativePath(ProviderPaths(path).First(), file.FullName)
            : (string)item.Properties["PSChildName"].Value;
}

[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
public sealed class TestPathCommand : PathCommand
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [AllowNull]
    [AllowEmptyString]
    public string?[]? LiteralPath { get; set; }

    [Parameter]
    [Alias("Type")]
    [ValidateSet("Any", "Container", "Leaf")]
    public string PathType { get; set; } = "Any";

    protected override void ProcessRecord()
    {
        foreach (var path in (IsLiteral ? LiteralPath : Path) ?? [null])
            WriteObject(!string.IsNullOrWhiteSpace(path) && Exists(path));
    }

    private bool Exists(string path)
    {
        try
        {
            return PathType switch
            {
                "Container" => InvokeProvider.Item.IsContainer(path),
                "Leaf" => InvokeProvider.Item.Exists(path, force: true, IsLiteral) && !InvokeProvider.Item.IsContainer(path),
                _ => InvokeProvider.Item.Exists(path, force: true, IsLiteral),
            };
        }
        catch (Exception e) when (e is ItemNotFoundException or ProviderNotFoundException or System.Management.Automation.DriveNotFoundException)
        {
            return false;
        }
    }
}
