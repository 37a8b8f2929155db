using System.Text;
using System.Text.Json;

namespace Jobs.Core.Redis;

/// <summary>A job's output as it is kept: a JSON array of its objects, its first element true when something was cut off.</summary>
internal static class OutputJson
{
    /// <summary>As it is sent: UTF-8; of no output nothing.</summary>
    public static byte[] Write(JobOutput? output)
    {
        if (output is null || output.Items.Count == 0 && !output.Truncated) return [];
        // The host bounds what it hands over; this holds for compiled handlers.
        var (count, bytes) = (0, 0);
        while (count < output.Items.Count && Encoding.UTF8.GetByteCount(output.Items[count]) + 1 is var item && bytes + item <= JobOutput.MaxBytes)
        {
            bytes += item;
            count++;
        }
        var truncated = output.Truncated || count < output.Items.Count ? "true"u8 : "false"u8;
        var json = new byte[bytes + truncated.Length + 2];
        json[0] = (byte)'[';
        truncated.CopyTo(json.AsSpan(1));
        var end = truncated.Length + 1;
        for (var i = 0; i < count; i++)
        {
            json[end++] = (byte)',';
            end += Encoding.UTF8.GetBytes(output.Items[i], json.AsSpan(end));
        }
        json[end] = (byte)']';
        return json;
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
