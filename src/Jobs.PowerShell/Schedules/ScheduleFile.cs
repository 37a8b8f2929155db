using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jobs.PowerShell.Schedules;

/// <summary>A file of schedules: an object with a member for each, named after its unique key; as JSON, or as a PowerShell data file.</summary>
internal static class ScheduleFile
{
    private static readonly JsonSerializerOptions s_written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions s_read = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false };

    /// <exception cref="HandlerException">ScheduleFileNotFound, InvalidScheduleFile.</exception>
    public static JsonObject Read(string path)
    {
        var isData = IsDataFile(path);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HandlerException("ScheduleFileNotFound", ErrorCategory.OpenError, $"The file of schedules '{path}' can't be read: {e.Message}", path, e);
        }
        try
        {
            return (isData ? DataFile.Parse(text, path) : JsonNode.Parse(text, documentOptions: s_read)) as JsonObject
                ?? throw Invalid(path, "it holds no object whose members are named after the schedules' unique keys");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Invalid(path, e.Message, e);
        }
    }

    /// <exception cref="HandlerException">ScheduleFileNotFound, InvalidScheduleFile.</exception>
    public static void Write(string path, JsonObject schedules)
    {
        var text = IsDataFile(path) ? DataFile.Write(schedules) : schedules.ToJsonString(s_written) + Environment.NewLine;
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HandlerException("ScheduleFileNotWritable", ErrorCategory.WriteError, $"The file of schedules '{path}' can't be written: {e.Message}", path, e);
        }
    }

    public static HandlerException Invalid(string path, string why, Exception? inner = null) =>
        new("InvalidScheduleFile", ErrorCategory.InvalidData, $"The file of schedules '{path}' can't be read: {why.TrimEnd('.')}.", path, inner);

    private static bool IsDataFile(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PSD1" => true,
        ".JSON" => false,
        var other => throw Invalid(path, $"files of schedules end with .psd1 or .json, not with '{other.ToLowerInvariant()}'"),
    };
}
