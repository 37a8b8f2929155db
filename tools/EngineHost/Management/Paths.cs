using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPathCommand : PathCommand
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? ChildPath { get; set; }

    [Parameter(Position = 2, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    public string[] AdditionalChildPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Resolve { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var joined = new[] { ChildPath ?? "" }.Concat(AdditionalChildPath).Aggregate(path, SessionState.Path.Combine);
            if (!Resolve)
                WriteObject(joined);
            else
                ForEach([joined], wanted => WriteObject(SessionState.Path.GetResolvedPSPathFromPSPath(wanted).Select(found => found.Path), enumerateCollection: true));
        }
    }
}

[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "ParentSet")]
public sealed class SplitPathCommand : PathCommand
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "ParentSet")]
    public SwitchParameter Parent { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LeafSet")]
    public SwitchParameter Leaf { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LeafBaseSet")]
    public SwitchParameter LeafBase { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "ExtensionSet")]
    public SwitchParameter Extension { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "IsAbsoluteSet")]
    public SwitchParameter IsAbsolute { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            WriteObject(ParameterSetName switch
            {
                "LeafSet" => SessionState.Path.ParseChildName(path),
                "LeafBaseSet" => System.IO.Path.GetFileNameWithoutExtension(SessionState.Path.ParseChildName(path)),
                "ExtensionSet" => System.IO.Path.GetExtension(SessionState.Path.ParseChildName(path)),
                "IsAbsoluteSet" => SessionState.Path.IsPSAbsolute(path, out _),
                _ => SessionState.Path.ParseParent(path, ""),
            });
        }
    }
}

[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
public sealed class ResolvePathCommand : ItemCommand
{
    [Parameter]
    public SwitchParameter Relative { get; set; }

    protected override void ProcessRecord() => ForEach(Paths, path =>
    {
        var wanted = IsLiteral ? WildcardPattern.Escape(path) : path;
        foreach (var found in SessionState.Path.GetResolvedPSPathFromPSPath(wanted))
            WriteObject(Relative ? FromHere(found.ProviderPath) : found);
    });

    private string FromHere(string path)
    {
        var relative = System.IO.Path.GetRelativePath(SessionState.Path.CurrentFileSystemLocation.ProviderPath, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? relative : System.IO.Path.Combine(".", relative);
    }
}
