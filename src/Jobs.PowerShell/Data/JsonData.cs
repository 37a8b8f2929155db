using System.Management.Automation;

namespace Jobs.PowerShell.Data;

/// <summary>
/// PowerShell objects as JSON and back. What JSON has is written as it is: null, booleans, text, numbers (a double keeps its point: 1.0),
/// arrays, hashtables. What it lacks is an object whose first member <c>$type</c> is one of <see cref="Tag"/>, its text in <c>value</c>:
/// <c>{"$type":"timespan","value":"01:00:00"}</c>; custom objects and ordered dictionaries carry the tag beside their members. A key of the user's
/// own that is spelled <c>$type</c> gets one more <c>$</c>. Nothing is made by a type's name: an unknown tag is a plain key.
/// </summary>
internal static class JsonData
{
    /// <summary>The most bytes of UTF-8 a job's data may have; the engine's limit too.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The most levels of nesting.</summary>
    public const int MaxDepth = 32;

    /// <summary>Writes data of a job.</summary>
    /// <exception cref="HandlerException">DataNotSupported: the value can't be kept as JSON, is too deep or too large.</exception>
    public static string Serialize(object? value) => JsonDataWriter.Write(value, lenient: false, MaxBytes);

    /// <summary>Writes an object a handler put out: what is not data becomes its properties, or its text. Null when it is over the size.</summary>
    public static string? SerializeOutput(object? value, int maxBytes)
    {
        try
        {
            return JsonDataWriter.Write(value, lenient: true, maxBytes);
        }
        catch (DataTooLargeException)
        {
            return null;
        }
    }

    /// <summary>Reads what <see cref="Serialize"/>, or any program, wrote.</summary>
    /// <exception cref="HandlerException">InvalidData: not JSON, too deep or too large.</exception>
    public static object? Deserialize(string json) => JsonDataReader.Read(json);

    internal static HandlerException NotSupported(string message, object? target = null) =>
        new("DataNotSupported", ErrorCategory.InvalidArgument, message, target);
}

/// <summary>More bytes than may be kept.</summary>
internal sealed class DataTooLargeException : Exception;
