using System.Collections;
using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : ItemCommand
{
    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [Alias("First", "Head")]
    [ValidateRange(0L, long.MaxValue)]
    public long TotalCount { get; set; } = long.MaxValue;

    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    protected override void ProcessRecord() => ForEach(Paths, path =>
    {
        if (!IsFileSystem(path))
        {
            ReadOther(path);
            return;
        }

        foreach (var file in ProviderPaths(path))
        {
            if (!File.Exists(file))
                throw Missing(file);
            if (Raw)
                WriteObject(File.ReadAllText(file, Encoding));
            else
                Write(File.ReadLines(file, Encoding));
        }
    });

    private void Write(IEnumerable<object> lines)
    {
        var index = 0L;
        foreach (var line in Tail is { } tail ? lines.TakeLast(tail) : lines)
        {
            if (index++ >= TotalCount)
                break;
            WriteObject(line);
        }
    }

    // Functions, variables and the environment have content too.
    private void ReadOther(string path)
    {
        foreach (var reader in InvokeProvider.Content.GetReader([path], Force, IsLiteral))
        {
            using (reader)
                Write(reader.Read(0).Cast<object>());
        }
    }

    private static Exception Missing(string file) =>
        Directory.Exists(file)
            ? new UnauthorizedAccessException($"Unable to get content because it is a directory: '{file}'.")
            : new ItemNotFoundException($"Cannot find path '{file}' because it does not exist.");
}

public abstract class WriteContentCommand : PathCommand
{
    private readonly List<object?> _values = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private protected abstract bool Append { get; }

    protected override void ProcessRecord()
    {
        _values.AddRange(Value ?? [null]);
        if (PassThru)
            WriteObject(Value, enumerateCollection: true);
    }

    protected override void EndProcessing() => ForEach(IsLiteral ? LiteralPath : Path, path =>
    {
        if (!ShouldProcess(path, Append ? "Add Content" : "Set Content"))
            return;

        if (!IsFileSystem(path))
        {
            WriteOther(path);
            return;
        }

        var file = GetUnresolvedProviderPathFromPSPath(path);
        using var writer = new StreamWriter(file, Append, Encoding);
        foreach (var value in _values)
            writer.Write(LanguagePrimitives.ConvertTo<string>(value) + (NoNewline ? "" : Environment.NewLine));
    });

    private void WriteOther(string path)
    {
        if (!Append)
            InvokeProvider.Content.Clear([path], Force, IsLiteral);
        foreach (var writer in InvokeProvider.Content.GetWriter([path], Force, IsLiteral))
        {
            using (writer)
            {
                writer.Write(new ArrayList(_values));
                writer.Close();
            }
        }
    }
}

[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class SetContentCommand : WriteContentCommand
{
    private protected override bool Append => false;
}

[Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class AddContentCommand : WriteContentCommand
{
    private protected override bool Append => true;
}
