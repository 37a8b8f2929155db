using System.Diagnostics;
using System.Globalization;

namespace Jobs.Bench.Harness;

/// <summary>The processor time that processes have used.</summary>
internal static class ProcessTimes
{
    // What /proc counts in, on every Linux that .NET runs on.
    private const double TicksASecond = 100;

    public static TimeSpan Of(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }

    /// <summary>A process with its children, ended ones too (Linux): a PostgreSQL has a process for each connection.</summary>
    public static TimeSpan OfTree(int id)
    {
        var children = File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // 13 to 16: user and system time of its own, then of ended children.
        var ticks = Times(id.ToString(CultureInfo.InvariantCulture), 4) + children.Sum(child => Times(child, 2));
        return TimeSpan.FromSeconds(ticks / TicksASecond);
    }

    private static double Times(string id, int count)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            // The name, in parentheses, may hold anything.
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return fields.Skip(11).Take(count).Sum(field => double.Parse(field, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return 0; // It has ended since: its parent has its time now.
        }
    }
}
