using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>A command on items: paths with wildcards, or literal ones, and an error for each that fails.</summary>
public abstract class PathCommand : PSCmdlet
{
    private protected bool IsLiteral => ParameterSetName.StartsWith("Literal", StringComparison.Ordinal);

    /// <summary>Does something for each path; what fails is a non-terminating error with the provider's own id.</summary>
    private protected void ForEach(IEnumerable<string> paths, Action<string> action)
    {
        foreach (var path in paths)
        {
            try
            {
                action(path);
            }
            catch (Exception e) when (e is not PipelineStoppedException and not ActionPreferenceStopException and IContainsErrorRecord)
            {
                // The record alone would hide the exception's own type.
                WriteError(new ErrorRecord(((IContainsErrorRecord)e).ErrorRecord, e));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                WriteError(new ErrorRecord(e, e.GetType().Name, ErrorCategory.NotSpecified, path));
            }
        }
    }

    /// <summary>What is asked for by name and is missing is an error; the engine would look for it in the folders below.</summary>
    private protected void RequireNamed(string path)
    {
        if ((IsLiteral || !WildcardPattern.ContainsWildcardCharacters(path)) && !InvokeProvider.Item.Exists(path, force: true, IsLiteral))
            InvokeProvider.Item.Get([path], force: true, IsLiteral);
    }

    /// <summary>The provider's paths of the items that a path names.</summary>
    private protected IEnumerable<string> ProviderPaths(string path) =>
        IsLiteral ? [GetUnresolvedProviderPathFromPSPath(path)] : GetResolvedProviderPathFromPSPath(path, out _);

    private protected bool IsFileSystem(string path)
    {
        SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem";
    }
}

/// <summary>-Path and -LiteralPath as most commands on items have them.</summary>
public abstract class ItemCommand : PathCommand
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    private protected string[] Paths => IsLiteral ? LiteralPath : Path;
}
