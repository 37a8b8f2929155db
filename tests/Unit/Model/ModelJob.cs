namespace Jobs.Tests.Model;

/// <summary>A job as the state machine has it, without an index, a counter or a set.</summary>
internal sealed record ModelJob
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required int Seq { get; init; }

    public string Status { get; set; } = "queued";

    public int Priority { get; set; }

    public bool IsDue { get; set; } = true;

    public int Fence { get; set; }

    public int Base { get; set; }

    public int Retries { get; init; }

    public int Retried { get; set; }

    public int Crashes { get; set; }

    public bool Recurs { get; init; }

    public string? Unique { get; init; }

    public bool Cancel { get; set; }

    public bool Hold { get; set; }

    /// <summary>A new time asked for during the run: now (true) or later.</summary>
    public bool? Resched { get; set; }

    /// <summary>The fence of a run whose lease ended and whose outcome still counts.</summary>
    public int? Lapsed { get; set; }

    /// <summary>Unfinished jobs it waits for.</summary>
    public HashSet<string> Waits { get; } = [];

    public string? Parent { get; init; }

    public bool AfterAny { get; init; }

    public bool HasEnded => Status is "finished" or "failed" or "cancelled";

    public override string ToString() => $"{Status} fence {Fence} base {Base} retried {Retried} crashes {Crashes} priority {Priority}";
}
