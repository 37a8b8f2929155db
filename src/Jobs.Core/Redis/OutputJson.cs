using System.Text;
using System.Text.Json;

namespace Jobs.Core.Redis;

/// <summary>A job's output as it is kept: a JSON array of its objects, its first element true when something was cut off.</summary>
internal static class OutputJson
{
    public static string Write(JobOutput? output)
    {
        if (output is null || output.Items.Count == 0 && !output.Truncated) return "";
        var text = new StringBuilder("[").Append(output.Truncated ? "true" : "false");
        var room = JobOutput.MaxBytes;
        foreach (var item in output.Items)
        {
            room -= Encoding.UTF8.GetByteCount(item) + 1;
            if (room < 0)
            {
                // The host bounds what it hands over; this holds for compiled handlers.
                text.Remove(1, text[1] == 't' ? 4 : 5).Insert(1, "true");
                break;
            }
            text.Append(',').Append(item);
        }
        return text.Append(']').ToString();
    }

    public static JobOutput? Read(string? json)
    {
        if (string.IsNullOrEmpty(json)) return null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Validate.MaxDataDepth + 2 });
            var elements = document.RootElement.EnumerateArray().ToList();
            return new JobOutput([.. elements.Skip(1).Select(element => element.GetRawText())], elements[0].ValueKind == JsonValueKind.True);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
