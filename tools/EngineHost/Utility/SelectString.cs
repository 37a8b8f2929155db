using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Select, "String", DefaultParameterSetName = "File")]
public sealed class SelectStringCommand : PSCmdlet
{
    private List<Regex> _patterns = [];
    private int _lineOfInput;
    private bool _found;

    [Parameter(Position = 0, Mandatory = true)]
    public string[] Pattern { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "File")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralFile")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Object")]
    [AllowEmptyString]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    public SwitchParameter AllMatches { get; set; }

    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    [Parameter]
    public SwitchParameter List { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter Raw { get; set; }

    protected override void BeginProcessing()
    {
        var options = CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase;
        _patterns = [.. Pattern.Select(pattern => new Regex(SimpleMatch ? Regex.Escape(pattern) : pattern, options))];
    }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Object" && InputObject?.BaseObject is not FileInfo)
        {
            Match(InputObject?.ToString() ?? "", ++_lineOfInput, "InputStream");
            return;
        }

        var files = ParameterSetName switch
        {
            "Object" => [((FileInfo)InputObject!.BaseObject).FullName],
            "LiteralFile" => LiteralPath.Select(GetUnresolvedProviderPathFromPSPath),
            _ => Path.SelectMany(path => GetResolvedProviderPathFromPSPath(path, out _)),
        };
        foreach (var file in files)
        {
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                if (Match(line, ++number, file) && List)
                    break;
            }
        }
    }

    protected override void EndProcessing()
    {
        if (Quiet && !_found)
            WriteObject(false);
    }

    private bool Match(string line, int number, string path)
    {
        var matched = _patterns.Find(pattern => pattern.IsMatch(line));
        if (matched is not null == NotMatch)
            return false;
        if (Quiet)
        {
            if (!_found)
                WriteObject(true);
            _found = true;
            return true;
        }

        var matches = matched?.Matches(line).ToArray() ?? [];
        WriteObject(Raw ? line : new MatchInfo
        {
            Line = line,
            LineNumber = number,
            Path = path,
            Pattern = (matched ?? _patterns[0]).ToString(),
            IgnoreCase = !CaseSensitive,
            Matches = AllMatches ? matches : [.. matches.Take(1)],
        });
        return true;
    }
}

public sealed class MatchInfo
{
    public bool IgnoreCase { get; init; }

    public int LineNumber { get; init; }

    public string Line { get; init; } = "";

    public string Path { get; init; } = "";

    public string Filename => System.IO.Path.GetFileName(Path);

    public string Pattern { get; init; } = "";

    public Match[] Matches { get; init; } = [];

    public override string ToString() => Path == "InputStream" ? Line : $"{Path}:{LineNumber}:{Line}";
}
