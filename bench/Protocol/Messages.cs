using System.Text.Json.Serialization;

namespace Jobs.Bench.Protocol;

/// <summary>What a driver is asked; see README.md here.</summary>
internal sealed record Request
{
    public required string Op { get; init; }
    public string? Redis { get; init; }
    public string? Postgres { get; init; }
    public string? Name { get; init; }
    public int Workers { get; init; }
    public int Milliseconds { get; init; }
    public int Keep { get; init; } = -1;
    public int Pools { get; init; } = 1;
    public bool Signals { get; init; }
    public string? Script { get; init; }
    public int Count { get; init; }
    public bool OneByOne { get; init; }
    public int Delay { get; init; }
}

/// <summary>What a driver answers.</summary>
internal sealed record Reply
{
    public string? Error { get; init; }
    public int Pid { get; init; }
    public string? Version { get; init; }
    public double Seconds { get; init; }
    public long Count { get; init; }
    public IReadOnlyList<double>? Microseconds { get; init; }
    public long Heap { get; init; }

    public static Reply Done { get; } = new();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Request))]
[JsonSerializable(typeof(Reply))]
internal sealed partial class Messages : JsonSerializerContext;
