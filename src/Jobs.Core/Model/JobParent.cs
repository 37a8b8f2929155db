namespace Jobs.Core;

/// <summary>A job that another one waited for, as that one's handler sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type; null when its history is gone.</param>
/// <param name="Status">How it ended; null when its history is gone.</param>
/// <param name="Output">What it put out; null when nothing, or when its history is gone.</param>
public sealed record JobParent(string Id, string? Type, JobStatus? Status, JobOutput? Output);
