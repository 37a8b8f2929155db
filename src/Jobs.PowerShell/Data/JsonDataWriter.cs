using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Jobs.PowerShell.Data;

/// <summary>Writes one value; see <see cref="JsonData"/> for the form.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Kept for its thread; the writer holds no more than a managed buffer.")]
internal sealed partial class JsonDataWriter
{
    [ThreadStatic]
    private static JsonDataWriter? t_free;

    // Leaves room for the levels that a tag takes.
    private const int LenientDepth = JsonData.MaxDepth - 4;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly List<object> _path = [];
    private bool _lenient;
    private int _maxBytes;

    // Readable in redis-cli; the store is no web page. Depth is checked here, with a better message.
    private JsonDataWriter() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 });

    public static string Write(object? value, bool lenient, int maxBytes)
    {
        if (value is PSObject { ImmediateBaseObject: not PSCustomObject } wrapped && wrapped.BaseObject is not PSObject) value = Unwrap(wrapped);
        switch (value)
        {
            case null: return "null";
            case bool flag: return flag ? "true" : "false";
            case int number: return number.ToString(CultureInfo.InvariantCulture);
        }

        // Taken while in use, so that a property's getter that serializes finds none and makes its own.
        var writer = t_free ?? new JsonDataWriter();
        t_free = null;
        writer._lenient = lenient;
        writer._maxBytes = maxBytes;
        try
        {
            writer.Value(value);
            writer.CheckSize();
            writer._json.Flush();
            return Encoding.UTF8.GetString(writer._buffer.WrittenSpan);
        }
        catch (DataTooLargeException) when (!lenient)
        {
            throw JsonData.NotSupported($"The data is over {maxBytes:N0} bytes of JSON, the most that can be kept. Store it elsewhere and pass where: a path, a key, a URL.");
        }
        finally
        {
            writer._path.Clear();
            if (writer._buffer.Capacity <= 1 << 16)
            {
                writer._buffer.ResetWrittenCount();
                writer._json.Reset();
                t_free = writer;
            }
        }
    }

    /// <summary>The plain object behind PowerShell's wrapper; a custom object, which is nothing but its wrapper, stays.</summary>
    private static object? Unwrap(PSObject wrapped) => wrapped.BaseObject is PSCustomObject ? wrapped : wrapped.BaseObject;

    private void Value(object? value)
    {
        var wrapper = value as PSObject;
        if (wrapper is not null) value = Unwrap(wrapper);
        switch (value)
        {
            case null or DBNull: _json.WriteNullValue(); break;
            case string text: Text(text); break;
            case bool flag: _json.WriteBooleanValue(flag); break;
            case int number: _json.WriteNumberValue(number); break;
            case long number: _json.WriteNumberValue(number); break;
            case double number: Double(number); break;
            // A handler's own property bag first: what follows would take it for something else.
            case PSObject custom when ReferenceEquals(custom, System.Management.Automation.Internal.AutomationNull.Value): _json.WriteNullValue(); break;
            case PSObject custom: Nested(custom, custom); break;
            case Hashtable or System.Collections.Specialized.OrderedDictionary or object[]: Nested(value, wrapper); break;
            default:
                if (!Scalar(value)) Nested(value, wrapper);
                break;
        }
    }

    private void Nested(object value, PSObject? wrapper)
    {
        foreach (var outer in _path)
        {
            if (!ReferenceEquals(outer, value)) continue;
            if (_lenient) { Text($"[{value.GetType().Name}]"); return; }
            throw JsonData.NotSupported("The data contains itself: a cycle can't be written as JSON. Pass ids in place of references.", value.GetType().Name);
        }
        if (_path.Count >= (_lenient ? LenientDepth : JsonData.MaxDepth))
        {
            if (_lenient) { Text(Describe(value)); return; }
            throw JsonData.NotSupported($"The data is nested more than {JsonData.MaxDepth} levels deep. Pass only the members the handler needs.");
        }
        _path.Add(value);
        if (value is IDictionary dictionary) Dictionary(dictionary);
        else if (value is PSObject { BaseObject: PSCustomObject } custom) Members(custom);
        else if (value is ITuple tuple) Array(Enumerable.Range(0, tuple.Length).Select(i => tuple[i]));
        else if (NotData.Reason(value, wrapper) is { } reason) Live(value, wrapper, reason);
        else if (value is IEnumerable sequence) Array(sequence);
        else Members(wrapper ?? PSObject.AsPSObject(value));
        _path.RemoveAt(_path.Count - 1);
    }

    /// <summary>Refused as data; as output the first levels of its properties, or its text.</summary>
    private void Live(object value, PSObject? wrapper, string reason)
    {
        if (!_lenient) throw JsonData.NotSupported(reason, value.GetType().FullName);
        if (_path.Count > 2 || NotData.HasNoMembers(value)) Text(Describe(value));
        else if (value is IEnumerable sequence) Array(sequence);
        else Members(wrapper ?? PSObject.AsPSObject(value));
    }

    private void Array(IEnumerable sequence)
    {
        _json.WriteStartArray();
        foreach (var item in sequence)
        {
            Value(item);
            CheckSize();
        }
        _json.WriteEndArray();
    }

    private void Dictionary(IDictionary dictionary)
    {
        // Fetched through the non-generic enumerator: it is the one that every dictionary has.
        foreach (var key in dictionary.Keys)
        {
            if (key is string or PSObject { BaseObject: string }) continue;
            Map(dictionary);
            return;
        }
        _json.WriteStartObject();
        if (dictionary is System.Collections.Specialized.IOrderedDictionary) _json.WriteString(Tag.Key, Tag.Ordered);
        var entries = dictionary.GetEnumerator();
        while (entries.MoveNext()) Member(LanguagePrimitives.ConvertTo<string>(entries.Key), entries.Value);
        _json.WriteEndObject();
    }

    /// <summary>A dictionary whose keys are not all text: pairs.</summary>
    private void Map(IDictionary dictionary)
    {
        NeedLevels(2);
        _json.WriteStartObject();
        _json.WriteString(Tag.Key, Tag.Map);
        _json.WriteStartArray(Tag.Value);
        var entries = dictionary.GetEnumerator();
        // The pairs' two brackets are levels too.
        _path.Add(s_level);
        _path.Add(s_level);
        while (entries.MoveNext())
        {
            _json.WriteStartArray();
            Value(entries.Key);
            Value(entries.Value);
            _json.WriteEndArray();
            CheckSize();
        }
        _path.RemoveRange(_path.Count - 2, 2);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private static readonly object s_level = new();

    private void Members(PSObject value)
    {
        _json.WriteStartObject();
        _json.WriteString(Tag.Key, Tag.Object);
        foreach (var property in value.Properties)
        {
            if (!property.IsGettable) continue;
            object? member;
            try
            {
                member = property.Value;
            }
            catch (Exception e) when (e is GetValueException or GetValueInvocationException)
            {
                // A property that can't be read now (of a process that has ended, say) is no reason to lose the others.
                member = null;
            }
            Member(property.Name, member);
        }
        _json.WriteEndObject();
    }

    private void Member(string name, object? value)
    {
        CheckText(name);
        _json.WritePropertyName(Tag.IsEscaped(name) ? "$" + name : name);
        Value(value);
        CheckSize();
    }

    private void NeedLevels(int levels)
    {
        if (!_lenient && _path.Count + levels > JsonData.MaxDepth)
            throw JsonData.NotSupported($"The data is nested more than {JsonData.MaxDepth} levels deep. Pass only the members the handler needs.");
    }

    private void CheckSize()
    {
        if (_json.BytesCommitted + _json.BytesPending > _maxBytes) throw new DataTooLargeException();
    }

    private static string Describe(object value) => NotData.IsSecret(value) ? value.GetType().Name : value.ToString() ?? "";
}
