using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Jobs.Bench.Harness;

/// <summary>The figures of one run as tables, to be read, and as JSON, to be compared.</summary>
internal sealed class Report(Workbench bench)
{
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Section> _sections = [];
    private readonly DateTimeOffset _began = DateTimeOffset.Now;
    private readonly long _start = Stopwatch.GetTimestamp();

    public void Add(Section section)
    {
        _sections.Add(section);
        Console.WriteLine(Table(section));
    }

    /// <summary>Writes bench.md and bench.json into a folder, and says which targets are met.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var targets = Targets();
        var text = new StringBuilder();
        text.AppendLine("# Benchmarks").AppendLine();
        foreach (var line in Circumstances()) text.AppendLine("- " + line);
        text.AppendLine();
        if (bench.IsQuick) text.AppendLine("A quick run: so short that its figures only show that everything runs.").AppendLine();
        text.AppendLine("Figures are medians of the rounds; least and most stand beside them. µs are processor time a job. The ratio is over the best peer in the same row.").AppendLine();
        text.AppendLine(targets).AppendLine("## Who is measured").AppendLine();
        foreach (var contender in bench.Contenders.All)
            text.AppendLine(CultureInfo.InvariantCulture, $"- **{contender.Name}**: {(contender.Missing is { } missing ? $"skipped, {missing}" : $"{contender.Version}; {contender.Settings}. {contender.Server?.Description}")}");
        text.AppendLine();
        foreach (var section in _sections) text.AppendLine(Table(section));
        File.WriteAllText(Path.Combine(folder, "bench.md"), text.ToString());
        File.WriteAllText(Path.Combine(folder, "bench.json"), JsonSerializer.Serialize(Json(), s_format));
        Console.WriteLine(targets);
        Console.WriteLine($"Written to {folder}");
    }

    private string[] Circumstances() =>
    [
        $"{RuntimeInformation.OSDescription}, {Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}; PowerShell: {bench.Contenders.Shell.Name}",
        $"{_began:yyyy-MM-dd HH:mm}, {Stopwatch.GetElapsedTime(_start).TotalMinutes:0} minutes, {bench.Rounds} rounds{Load()}",
    ];

    private static string Processor() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    // Says at once whether others used the machine: alone, a run keeps about as many processes busy as there are processors.
    private static string Load() => File.Exists("/proc/loadavg") ? $"; load at its end {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3])}" : "";

    private string Targets()
    {
        var text = new StringBuilder();
        text.AppendLine("## Targets").AppendLine().AppendLine("| what | measured | target | |").AppendLine("| --- | ---: | ---: | --- |");
        foreach (var target in _sections.SelectMany(section => section.Targets))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {target.What} | {Number.Text(target.Value)} {target.Unit} | {target.Wanted} | {target.Verdict} |");
        return text.ToString();
    }

    private static string Table(Section section)
    {
        var text = new StringBuilder();
        text.AppendLine("## " + section.Benchmark.Name).AppendLine().AppendLine(section.Benchmark.Definition + ".").AppendLine();
        text.AppendLine("| what | who | figure | least–most | client µs | server µs | over the best peer |").AppendLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var figure in section.Figures)
        {
            var spread = figure.Rounds > 1 ? $"{Number.Text(figure.Least)}–{Number.Text(figure.Most)}" : "";
            var ratio = figure.Ratio is { } over ? $"{Number.Text(over)} ×" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {figure.What} | {figure.Who} | {Number.Text(figure.Median)} {figure.Unit} | {spread} | {Text(figure.Client)} | {Text(figure.Server)} | {ratio} |");
        }
        if (section.Notes.Count > 0) text.AppendLine();
        foreach (var note in section.Notes) text.AppendLine("- " + note);
        return text.ToString();
    }

    private static string Text(double? value) => value is { } known ? Number.Text(known) : "";

    private object Json() => new
    {
        Began = _began,
        bench.IsQuick,
        Circumstances = Circumstances(),
        Contenders = bench.Contenders.All.Select(one => new { one.Name, one.Version, one.Settings, Server = one.Server?.Description, one.Missing }),
        Benchmarks = _sections.Select(section => new { section.Benchmark.Name, section.Benchmark.Definition, section.Figures, section.Targets, section.Notes }),
    };
}
