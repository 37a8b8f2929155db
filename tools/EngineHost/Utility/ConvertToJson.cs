using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _input = [];
    private bool _truncated;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord() => _input.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_input.Count == 0)
            return;

        var root = Token(_input.Count > 1 || AsArray ? _input : _input[0], 0);
        using var text = new StringWriter(new StringBuilder(), CultureInfo.InvariantCulture);
        using var writer = new JsonTextWriter(text) { Formatting = Compress ? Formatting.None : Formatting.Indented };
        root.WriteTo(writer);
        WriteObject(text.ToString());
        if (_truncated)
            WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
    }

    private JToken Token(object? value, int depth)
    {
        var wrapped = value as PSObject;
        var plain = wrapped?.BaseObject ?? value;
        switch (plain)
        {
            case null or DBNull:
                return JValue.CreateNull();
            case Enum when EnumsAsStrings:
                return new JValue(plain.ToString());
            case Enum:
                return new JValue(Convert.ToInt64(plain, CultureInfo.InvariantCulture));
            case string or bool or DateTime or DateTimeOffset or Guid or Uri or decimal or double or float:
                return new JValue(plain);
            case char:
                return new JValue(plain.ToString());
            case IConvertible:
                return new JValue(plain);
            case System.Numerics.BigInteger:
                return new JRaw(plain.ToString());
        }

        if (depth > Depth)
        {
            _truncated = true;
            return new JValue(LanguagePrimitives.ConvertTo<string>(plain));
        }

        return plain switch
        {
            IDictionary table => Members(table.Cast<DictionaryEntry>().Select(entry => (entry.Key.ToString()!, entry.Value)), depth),
            PSCustomObject => Members(wrapped!.Properties.Select(property => (property.Name, (object?)property.Value)), depth),
            IEnumerable items => new JArray(items.Cast<object?>().Select(item => Token(item, depth + 1)).ToArray<object>()),
            _ => Members(Readable(PSObject.AsPSObject(plain)), depth),
        };
    }

    private JObject Members(IEnumerable<(string Name, object? Value)> members, int depth)
    {
        var result = new JObject();
        foreach (var (name, value) in members)
            result[name] = Token(value, depth + 1);
        return result;
    }

    // What .NET itself declares, not what PowerShell's type data adds.
    private static IEnumerable<(string, object?)> Readable(PSObject value)
    {
        foreach (var property in value.Properties.Where(p => p.MemberType is PSMemberTypes.Property or PSMemberTypes.NoteProperty))
        {
            object? content;
            try
            {
                content = property.Value;
            }
            catch (GetValueException)
            {
                content = null;
            }

            yield return (property.Name, content);
        }
    }
}
