using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Security;
using System.Text.RegularExpressions;
using CsCheck;
using Jobs.PowerShell;
using Jobs.PowerShell.Data;

namespace Jobs.Tests.PowerShell.Data;

public sealed class JsonDataTests
{
    /// <summary>Value, its JSON (null: not looked at), what comes back (absent: the same).</summary>
    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static readonly int[] s_one = [1];

    private static readonly Dictionary<string, (object? Value, string? Json, object? Back)> s_cases = Make();

    private static Dictionary<string, (object?, string?, object?)> Make()
    {
        var cases = new Dictionary<string, (object?, string?, object?)>();
        void Same(string name, object? value, string? json = null) => cases.Add(name, (value, json, value));
        void As(string name, object? value, object? back, string? json = null) => cases.Add(name, (value, json, back));
        var utc = new DateTime(2026, 11, 23, 17, 38, 1, DateTimeKind.Utc).AddTicks(1234567);

        Same("null", null, "null");
        Same("true", true, "true");
        Same("false", false, "false");
        Same("zero", 0, "0");
        Same("int", -5, "-5");
        Same("int max", int.MaxValue);
        Same("long", 5_000_000_000L, "5000000000");
        Same("long min", long.MinValue);
        Same("ulong max", ulong.MaxValue, "18446744073709551615");
        As("small long", 5L, 5, "5");
        As("byte", (byte)200, 200);
        As("sbyte", (sbyte)-1, -1);
        As("short", (short)-300, -300);
        As("ushort", (ushort)300, 300);
        As("uint", 4_000_000_000u, 4_000_000_000L);
        Same("double", 1.5, "1.5");
        Same("whole double", 1.0, "1.0");
        Same("negative zero", -0.0, "-0.0");
        Same("huge double", 1e300, "1E+300");
        Same("tiny double", double.Epsilon);
        Same("double max", double.MaxValue);
        Same("third", 1.0 / 3);
        Same("not a number", double.NaN);
        Same("infinity", double.PositiveInfinity);
        Same("minus infinity", double.NegativeInfinity);
        As("float", 0.1f, 0.1, "0.1");
        Same("decimal", 1.50m, """{"$type":"decimal","value":"1.50"}""");
        Same("decimal max", decimal.MaxValue);
        Same("bigint", BigInteger.Pow(7, 300));
        Same("small bigint", new BigInteger(5));
        As("int128", Int128.MaxValue, (BigInteger)Int128.MaxValue);
        Same("text", "hello", "\"hello\"");
        Same("empty text", "");
        Same("text like a date", "2026-11-23T17:38:01Z");
        Same("unicode", "grüße 🎉 \u0000 \u2028 \"quoted\" <b>");
        Same("lines", "a\r\nb\tc\\");
        As("char", 'x', "x");
        As("enum", DayOfWeek.Friday, "Friday");
        As("flags", FileAttributes.Hidden | FileAttributes.System, "Hidden, System");
        Same("utc", utc, """{"$type":"datetime","value":"2026-11-23T17:38:01.1234567Z"}""");
        Same("local", DateTime.SpecifyKind(utc, DateTimeKind.Local));
        Same("unspecified", DateTime.SpecifyKind(utc, DateTimeKind.Unspecified));
        Same("earliest", DateTime.MinValue);
        Same("offset", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(330)));
        Same("date", new DateOnly(2026, 2, 28));
        Same("time", new TimeOnly(23, 59, 59, 999));
        Same("timespan", TimeSpan.FromHours(1), """{"$type":"timespan","value":"01:00:00"}""");
        Same("timespan min", TimeSpan.MinValue);
        Same("guid", Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"));
        Same("bytes", new byte[] { 0, 1, 255 });
        Same("no bytes", Array.Empty<byte>());
        As("version", new Version(1, 2, 3), "1.2.3");
        As("uri", new Uri("https://example.org/a?b=c"), "https://example.org/a?b=c");
        As("address", System.Net.IPAddress.Loopback, "127.0.0.1");
        As("regex", new Regex("a+"), "a+");
        As("culture", CultureInfo.GetCultureInfo("de-DE"), "de-DE");
        As("type", typeof(int), "System.Int32");
        As("file", new FileInfo("/tmp/x.txt"), "/tmp/x.txt");
        As("directory", new DirectoryInfo("/tmp"), "/tmp");
        As("semantic version", new SemanticVersion("1.2.3-beta"), "1.2.3-beta");
        As("switch", new SwitchParameter(true), true);
        As("db null", DBNull.Value, null);
        As("nothing", System.Management.Automation.Internal.AutomationNull.Value, null);
        Same("array", new object?[] { 1, "a", null }, "[1,\"a\",null]");
        Same("array of one", new object?[] { 1 });
        Same("array of none", Array.Empty<object?>());
        Same("nested arrays", new object?[] { new object?[] { 1 }, Array.Empty<object?>(), new object?[] { new object?[] { 2 } } });
        As("typed array", s_one, new object?[] { 1 });
        As("list", new List<string> { "a" }, new object?[] { "a" });
        As("sequence", Enumerable.Range(0, 3), new object?[] { 0, 1, 2 });
        Same("hashtable", new Hashtable { ["a"] = 1 }, "{\"a\":1}");
        Same("empty hashtable", new Hashtable(), "{}");
        Same("ordered", new OrderedDictionary { ["z"] = 1, ["a"] = 2, ["m"] = 3 }, """{"$type":"ordered","z":1,"a":2,"m":3}""");
        Same("int keys", new Hashtable { [1] = "a", [2] = new object?[] { 1 } });
        Same("own $type", new Hashtable { ["$type"] = "timespan", ["value"] = "01:00:00" });
        Same("own $$type", new Hashtable { ["$$type"] = 1, ["$type"] = 2 });
        Same("own $type in order", new OrderedDictionary { ["$type"] = "object", ["x"] = 1 });
        Same("empty key", new Hashtable { [""] = 1 });
        As("dictionary", new Dictionary<string, int> { ["a"] = 1 }, new Hashtable { ["a"] = 1 });
        Same("custom", Custom(("Name", "n"), ("Size", 5L * int.MaxValue)), """{"$type":"object","Name":"n","Size":10737418235}""");
        Same("custom in custom", Custom(("A", Custom(("B", new object?[] { Custom() })))));
        Same("custom with $type", Custom(("$type", "x")));
        As("wrapped text", PSObject.AsPSObject("x"), "x");
        As("wrapped array", PSObject.AsPSObject(new object[] { 1 }), new object?[] { 1 });
        As("tuple", Tuple.Create(1, "a"), new object?[] { 1, "a" });
        As("pair", KeyValuePair.Create("a", 1), Custom(("Key", "a"), ("Value", 1)));
        return cases;
    }

    private static PSObject Custom(params (string Name, object? Value)[] members)
    {
        var custom = new PSObject();
        foreach (var (name, value) in members) custom.Properties.Add(new PSNoteProperty(name, value));
        return custom;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Survives_as_documented(string name)
    {
        var (value, expected, back) = s_cases[name];
        var json = JsonData.Serialize(value);
        if (expected is not null) Assert.Equal(expected, json);
        AssertSame(back, JsonData.Deserialize(json));
    }

    public static TheoryData<string> RefusedCases => [.. s_refused.Keys];

    private static readonly Dictionary<string, (Func<object> Make, string Says)> s_refused = new()
    {
        ["secure string"] = (() => new SecureString(), "Fetch secrets inside the handler"),
        ["credential"] = (() => new PSCredential("u", new SecureString()), "Fetch secrets inside the handler"),
        ["nested credential"] = (() => new Hashtable { ["c"] = new PSCredential("u", new SecureString()) }, "Fetch secrets"),
        ["script block"] = (() => ScriptBlock.Create("1"), "script block"),
        ["delegate"] = (() => new Action(() => { }), "delegate"),
        ["process"] = (Process.GetCurrentProcess, "Id or name"),
        ["stream"] = (() => new MemoryStream(), "path"),
        ["writer"] = (() => new StringWriter(), "path"),
        ["runspace"] = (() => System.Management.Automation.Runspaces.RunspaceFactory.CreateRunspace(System.Management.Automation.Runspaces.InitialSessionState.Create()), "values"),
        ["task"] = (() => Task.CompletedTask, "thread"),
        ["token"] = (() => new CancellationTokenSource(), "CancellationToken"),
        ["http client"] = (() => new HttpClient(), "hashtable"),
        ["exception"] = (() => new InvalidOperationException(), "message"),
        ["pointer"] = (() => IntPtr.Zero, "values"),
        ["cycle"] = (() => { var table = new Hashtable(); table["self"] = table; return table; }, "contains itself"),
        ["deep"] = (() => Nest(33), "32 levels"),
        ["deep value"] = (() => { object value = TimeSpan.Zero; for (var i = 0; i < 32; i++) value = new object[] { value }; return value; }, "32 levels"),
        ["large"] = (() => new string('x', 1 << 20), "1,048,576 bytes"),
        ["many"] = (() => Enumerable.Range(0, 1_000_000), "1,048,576 bytes"),
        ["endless"] = (Endless, "1,048,576 bytes"),
        ["half a pair"] = (() => "a\ud800", "byte[]"),
    };

    private static IEnumerable<int> Endless()
    {
        while (true) yield return 1;
    }

    private static object Nest(int levels)
    {
        object value = Array.Empty<object>();
        for (var i = 1; i < levels; i++) value = new[] { value };
        return value;
    }

    [Theory, MemberData(nameof(RefusedCases))]
    public void Refuses_with_what_to_pass_instead(string name)
    {
        var error = Assert.Throws<HandlerException>(() => JsonData.Serialize(s_refused[name].Make()));
        Assert.Equal("DataNotSupported", error.ErrorRecord.FullyQualifiedErrorId);
        Assert.Contains(s_refused[name].Says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_the_deepest_and_the_largest()
    {
        AssertSame(Nest(32), JsonData.Deserialize(JsonData.Serialize(Nest(32))));
        var text = new string('x', (1 << 20) - 2);
        Assert.Equal(text, JsonData.Deserialize(JsonData.Serialize(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("nul")]
    public void Refuses_what_is_not_json(string json) =>
        Assert.Equal("InvalidData", Assert.Throws<HandlerException>(() => JsonData.Deserialize(json)).ErrorRecord.FullyQualifiedErrorId);

    [Fact]
    public void Refuses_json_that_is_too_deep_or_too_large()
    {
        Assert.Throws<HandlerException>(() => JsonData.Deserialize(new string('[', 33) + new string(']', 33)));
        Assert.Throws<HandlerException>(() => JsonData.Deserialize(new string(' ', 1 << 20) + "1"));
    }

    [Theory]
    [InlineData("""{"$type":"System.IO.FileInfo","value":"/etc/passwd"}""")]
    [InlineData("""{"$type":"timespan","value":"soon"}""")]
    [InlineData("""{"$type":"timespan","value":5}""")]
    [InlineData("""{"$type":"timespan","value":"01:00:00","more":1}""")]
    [InlineData("""{"$type":"map","value":[[1]]}""")]
    [InlineData("""{"$type":7,"x":1}""")]
    [InlineData("""{"$type":"object2","x":1}""")]
    public void Takes_an_unknown_tag_for_a_plain_key(string json)
    {
        var table = Assert.IsType<Hashtable>(JsonData.Deserialize(json));
        Assert.True(table.ContainsKey("$type"));
        AssertSame(table, JsonData.Deserialize(JsonData.Serialize(table)));
    }

    [Fact]
    public void Tells_keys_that_differ_in_case_apart()
    {
        var table = Assert.IsType<Hashtable>(JsonData.Deserialize("""{"a":1,"A":2,"b":3}"""));
        Assert.Equal((1, 2, 3), (table["a"], table["A"], table["b"]));
        Assert.Equal(3, Assert.IsType<Hashtable>(JsonData.Deserialize("""{"Abc":3}"""))["aBC"]);
    }

    [Fact]
    public void Shows_output_that_is_not_data_by_its_properties()
    {
        Assert.Contains("\"Id\"", JsonData.SerializeOutput(Process.GetCurrentProcess(), 1 << 20), StringComparison.Ordinal);
        Assert.Equal("\"SecureString\"", JsonData.SerializeOutput(new SecureString(), 1 << 20));
        var cycle = new Hashtable();
        cycle["self"] = cycle;
        Assert.Equal("""{"self":"[Hashtable]"}""", JsonData.SerializeOutput(cycle, 1 << 20));
        Assert.NotNull(JsonData.Deserialize(JsonData.SerializeOutput(Nest(100), 1 << 20)!));
        Assert.Null(JsonData.SerializeOutput(new string('x', 200), 100));
        // And the writer is fit for use after it gave up.
        Assert.Equal("[1]", JsonData.Serialize(s_one));
    }

    private static readonly Gen<object?> s_leaf = Gen.OneOf<object?>(
        Gen.Const<object?>(() => null), Gen.Bool.Select(value => (object?)value), Gen.Int.Select(value => (object?)value), Gen.Double.Select(value => (object?)value),
        Gen.Decimal.Select(value => (object?)value), Gen.Guid.Select(value => (object?)value), Gen.DateTimeOffset.Select(value => (object?)value),
        Gen.TimeSpan.Select(value => (object?)value), Gen.Byte.Array.Select(value => (object?)value), Text().Select(value => (object?)value));

    private static Gen<string> Text() => Gen.OneOf(Gen.String[Gen.Char['\0', '\ud7ff'], 0, 20], Gen.Const("$type"), Gen.Const("$$type"), Gen.Const("value"));

    private static Gen<object?> Nested(int depth) => depth == 0 ? s_leaf : Gen.OneOf(
        s_leaf,
        Nested(depth - 1).Array[0, 4].Select(value => (object?)value),
        Gen.Select(Text(), Nested(depth - 1)).Array[0, 4].Select(pairs => (object?)Fill(new Hashtable(StringComparer.Ordinal), pairs)),
        Gen.Select(Text(), Nested(depth - 1)).Array[0, 4].Select(pairs => (object?)Fill(new OrderedDictionary(StringComparer.Ordinal), pairs)));

    private static IDictionary Fill(IDictionary table, (string, object?)[] pairs)
    {
        foreach (var (key, value) in pairs) table[key] = value;
        return table;
    }

    [Fact]
    public void Nested_data_survives() =>
        Nested(4).Sample(value => AssertSame(value, JsonData.Deserialize(JsonData.Serialize(value))), iter: 2000);

    private static void AssertSame(object? expected, object? actual)
    {
        switch (expected)
        {
            case null: Assert.Null(actual); break;
            case PSObject { BaseObject: PSCustomObject } custom:
                var other = Assert.IsType<PSObject>(actual);
                Assert.Equal(custom.Properties.Select(property => property.Name), other.Properties.Select(property => property.Name));
                foreach (var property in custom.Properties) AssertSame(property.Value, other.Properties[property.Name].Value);
                break;
            case object?[] array:
                var items = Assert.IsType<object?[]>(actual);
                Assert.Equal(array.Length, items.Length);
                for (var i = 0; i < array.Length; i++) AssertSame(array[i], items[i]);
                break;
            case IDictionary table:
                Assert.IsType(expected.GetType(), actual);
                var members = (IDictionary)actual!;
                Assert.Equal(table.Count, members.Count);
                if (table is OrderedDictionary) Assert.Equal(table.Keys.Cast<object>(), members.Keys.Cast<object>());
                foreach (var key in table.Keys) AssertSame(table[key], members[key]);
                break;
            case byte[] bytes: Assert.Equal(bytes, Assert.IsType<byte[]>(actual)); break;
            default:
                Assert.IsType(expected.GetType(), actual);
                Assert.Equal(expected, actual);
                if (expected is DateTime time) Assert.Equal(time.Kind, ((DateTime)actual!).Kind);
                if (expected is DateTimeOffset zoned) Assert.Equal(zoned.Offset, ((DateTimeOffset)actual!).Offset);
                break;
        }
    }
}
