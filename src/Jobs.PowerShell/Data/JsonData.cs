using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace Jobs.PowerShell.Data;

/// <summary>PowerShell objects to JSON and back.</summary>
internal static class JsonData
{
    public static string Serialize(object? value) => JsonSerializer.Serialize(Plain(value));

    public static object? Deserialize(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Object(document.RootElement);
    }

    private static object? Plain(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } custom => custom.Properties.ToDictionary(property => property.Name, property => Plain(property.Value)),
        PSObject wrapped => Plain(wrapped.BaseObject),
        string text => text,
        IDictionary map => map.Keys.Cast<object>().ToDictionary(key => $"{key}", key => Plain(map[key])),
        IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        _ => value,
    };

    private static object? Object(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var result = new PSObject();
                foreach (var member in element.EnumerateObject())
                    result.Properties.Add(new PSNoteProperty(member.Name, Object(member.Value)));
                return result;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Object).ToArray();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? whole : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }
}
