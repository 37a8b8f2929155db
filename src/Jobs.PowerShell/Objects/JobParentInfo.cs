using Jobs.Core;
using Jobs.PowerShell.Data;

namespace Jobs.PowerShell;

/// <summary>A job that another one waited for, in that one's <c>$JobContext.Parents</c>.</summary>
public sealed class JobParentInfo
{
    private readonly JobParent _parent;
    private object?[]? _output;

    internal JobParentInfo(JobParent parent) => _parent = parent;

    /// <summary>The job's id.</summary>
    public string Id => _parent.Id;

    /// <summary>Its type; null when its history is gone.</summary>
    public string? Type => _parent.Type;

    /// <summary>How it ended; null when its history is gone.</summary>
    public JobStatus? Status => _parent.Status;

    /// <summary>The objects that it put out; empty when there were none, or when its history is gone.</summary>
    public IReadOnlyList<object?> Output => _output ??= [.. (_parent.Output?.Items ?? []).Select(item => JsonData.Deserialize(item))];

    /// <inheritdoc/>
    public override string ToString() => Id;
}
