using System.Globalization;
using System.Management.Automation;
using System.Numerics;

namespace Jobs.PowerShell.Data;

/// <summary>Values that hold no others.</summary>
internal sealed partial class JsonDataWriter
{
    private bool Scalar(object value)
    {
        switch (value)
        {
            case Enum name: Text(name.ToString()); break;
            case byte number: _json.WriteNumberValue(number); break;
            case sbyte number: _json.WriteNumberValue(number); break;
            case short number: _json.WriteNumberValue(number); break;
            case ushort number: _json.WriteNumberValue(number); break;
            case uint number: _json.WriteNumberValue(number); break;
            case ulong number: _json.WriteNumberValue(number); break;
            case float number: Float(number); break;
            case Half number: Double((double)number); break;
            case decimal number: Tagged(Tag.Decimal, number.ToString(CultureInfo.InvariantCulture)); break;
            case BigInteger number: Big(number); break;
            case Int128 number: Big(number); break;
            case UInt128 number: Big(number); break;
            case char letter: Text(letter.ToString()); break;
            case DateTime time: Tagged(Tag.DateTime, time.ToString("O", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset time: Tagged(Tag.DateTimeOffset, time.ToString("O", CultureInfo.InvariantCulture)); break;
            case DateOnly date: Tagged(Tag.Date, date.ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeOnly time: Tagged(Tag.Time, time.ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeSpan span: Tagged(Tag.TimeSpan, span.ToString("c", CultureInfo.InvariantCulture)); break;
            case Guid guid: Tagged(Tag.Guid, guid.ToString("D")); break;
            case byte[] bytes: Bytes(bytes); break;
            case SwitchParameter flag: _json.WriteBooleanValue(flag.IsPresent); break;
            default:
                if (PlainText.Of(value) is not { } text) return false;
                Text(text);
                break;
        }
        return true;
    }

    private void Text(string text)
    {
        if (text.Length > _maxBytes) throw new DataTooLargeException();
        CheckText(text);
        _json.WriteStringValue(text);
    }

    private void CheckText(string text)
    {
        if (_lenient || text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else throw JsonData.NotSupported("The data has a text with half a surrogate pair, which UTF-8 can't hold. Pass [byte[]] for what is not text.");
        }
    }

    private void Bytes(byte[] bytes)
    {
        if (bytes.Length > _maxBytes) throw new DataTooLargeException();
        Tagged(Tag.Bytes, Convert.ToBase64String(bytes));
    }

    private void Big(BigInteger number)
    {
        if (number.GetByteCount() > BigNumber.MaxDigits / 3) throw JsonData.NotSupported($"The data has a number of more than {BigNumber.MaxDigits:N0} digits. Pass it as text.");
        Tagged(Tag.BigInteger, number.ToString(CultureInfo.InvariantCulture));
    }

    private void Double(double number) => Real(number, number.ToString("R", CultureInfo.InvariantCulture));

    private void Float(float number) => Real(number, number.ToString("R", CultureInfo.InvariantCulture));

    private void Real(double number, string text)
    {
        if (!double.IsFinite(number)) Tagged(Tag.Double, text);
        else _json.WriteRawValue(text.AsSpan().IndexOfAny(".E") < 0 ? text + ".0" : text, skipInputValidation: true);
    }

    private void Tagged(string tag, string text)
    {
        NeedLevels(1);
        _json.WriteStartObject();
        _json.WriteString(Tag.Key, tag);
        _json.WriteString(Tag.Value, text);
        _json.WriteEndObject();
    }
}
