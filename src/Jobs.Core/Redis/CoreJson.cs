using System.Text.Json.Serialization;

namespace Jobs.Core.Redis;

/// <summary>The JSON that Core itself keeps in the store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JobError))]
[JsonSerializable(typeof(JobProgress))]
[JsonSerializable(typeof(JobLogEntry))]
[JsonSerializable(typeof(RunEntry))]
internal sealed partial class CoreJson : JsonSerializerContext;

/// <summary>An entry of a recurring job's last runs, as the script writes it.</summary>
internal sealed record RunEntry(string Started, string Finished, string Status, string? Error, string? Pool);
