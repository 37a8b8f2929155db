using System.Management.Automation;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly StringBuilder _text = new();

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 1024;

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => _text.AppendLine(InputObject);

    protected override void EndProcessing()
    {
        if (string.IsNullOrWhiteSpace(_text.ToString()))
            return;

        using var reader = new JsonTextReader(new StringReader(_text.ToString())) { MaxDepth = Depth };
        try
        {
            var root = JToken.ReadFrom(reader);
            while (reader.Read())
            {
                if (reader.TokenType != JsonToken.Comment)
                    throw new JsonReaderException("Additional text found in JSON string after finishing deserializing object.");
            }

            WriteObject(Value(root), enumerateCollection: !NoEnumerate);
        }
        catch (JsonException e)
        {
            var problem = new ArgumentException("Conversion from JSON failed with error: " + e.Message, e);
            ThrowTerminatingError(new ErrorRecord(problem, "System.ArgumentException", ErrorCategory.NotSpecified, null));
        }
    }

    private object? Value(JToken token) => token switch
    {
        JArray items => items.Select(Value).ToArray(),
        JObject members when AsHashtable => Table(members),
        JObject members => Custom(members),
        JValue value => value.Value,
        _ => throw new JsonReaderException($"Unexpected {token.Type}."),
    };

    private OrderedHashtable Table(JObject members)
    {
        var table = new OrderedHashtable();
        foreach (var (name, value) in members)
            table[name] = Value(value!);
        return table;
    }

    private PSObject Custom(JObject members)
    {
        var custom = new PSObject();
        foreach (var (name, value) in members)
            custom.Properties.Add(new PSNoteProperty(name, Value(value!)));
        return custom;
    }
}
