using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Jobs.Bench;

/// <summary>The figures of one run as a table, to be read, and as JSON, to be compared.</summary>
internal sealed class Report(string server)
{
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(IBenchmark Benchmark, IReadOnlyList<Measurement> Rows)> _results = [];

    public void Add(IBenchmark benchmark, IReadOnlyList<Measurement> rows)
    {
        _results.Add((benchmark, rows));
        Console.WriteLine(Table(benchmark, rows));
    }

    /// <summary>Writes bench.md and bench.json into a folder.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var text = new StringBuilder();
        text.AppendLine("# Benchmarks").AppendLine().AppendLine(Machine()).AppendLine();
        foreach (var (benchmark, rows) in _results) text.AppendLine(Table(benchmark, rows));
        File.WriteAllText(Path.Combine(folder, "bench.md"), text.ToString());
        var json = new { Machine = Machine(), Date = DateTimeOffset.Now, Benchmarks = _results.Select(result => new { result.Benchmark.Name, result.Benchmark.Purpose, Results = result.Rows }) };
        File.WriteAllText(Path.Combine(folder, "bench.json"), JsonSerializer.Serialize(json, s_format));
        Console.WriteLine($"Written to {folder}");
    }

    private string Machine() => $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}, {server}";

    private static string Table(IBenchmark benchmark, IReadOnlyList<Measurement> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("## " + benchmark.Name).AppendLine().AppendLine(benchmark.Purpose + ".").AppendLine();
        text.AppendLine("| what | figure | target | |").AppendLine("| --- | ---: | --- | --- |");
        foreach (var row in rows)
        {
            var value = row.Value.ToString(Math.Abs(row.Value) < 100 ? "0.##" : "N0", CultureInfo.InvariantCulture);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.What} | {value} {row.Unit} | {row.Target} | {(row.IsMet is { } met ? met ? "met" : "missed" : "")} |");
        }
        return text.ToString();
    }
}
