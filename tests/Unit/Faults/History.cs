using System.Globalization;
using Jobs.FaultWorker;

namespace Jobs.Tests.Faults;

/// <summary>One execution as its handler saw it. One that did not end was cut off by the death of its process.</summary>
internal sealed record Execution(string Job, string Run, int ProcessId, long Start)
{
    public long? End { get; set; }

    /// <summary>end, failed or stopped.</summary>
    public string? How { get; set; }
}

/// <summary>What ran when, in all processes; and when faults were in force.</summary>
internal sealed class History : IDisposable
{
    private readonly List<(long From, long To)> _faults = [];
    private readonly Dictionary<int, long> _deaths = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("jobs-faults-").FullName;

    public History()
    {
        Log = new RunLog(Folder);
    }

    public string Folder => _folder;

    public RunLog Log { get; }

    /// <summary>
    /// Notes a fault. Runs that it met may run twice: those in flight, those that had just ended and whose outcome was on its way, and those begun
    /// before the pools had found back to the store.
    /// </summary>
    public void Fault(long from, long? to = null)
    {
        lock (_faults) _faults.Add((from - 1000, (to ?? RunLog.Now) + 3000));
    }

    public void Died(int processId)
    {
        lock (_faults) _deaths[processId] = RunLog.Now;
        Fault(RunLog.Now);
    }

    public bool WasFaulty(long from, long to)
    {
        lock (_faults) return _faults.Exists(fault => from <= fault.To && to >= fault.From);
    }

    /// <summary>All executions, by job in the order of their starts.</summary>
    public ILookup<string, Execution> Read()
    {
        var runs = new Dictionary<string, Execution>(StringComparer.Ordinal);
        foreach (var line in Directory.GetFiles(_folder).SelectMany(ReadLines))
        {
            if (line.Split(' ') is not [var what, var job, _, var run, var process, var at]) continue; // being written
            var time = long.Parse(at, CultureInfo.InvariantCulture);
            if (what == "start") runs[run] = new Execution(job, run, int.Parse(process, CultureInfo.InvariantCulture), time);
            else (runs[run].End, runs[run].How) = (time, what);
        }
        lock (_faults)
        {
            foreach (var execution in runs.Values) execution.End ??= _deaths.TryGetValue(execution.ProcessId, out var death) ? death : null;
        }
        return runs.Values.OrderBy(execution => execution.Start).ToLookup(execution => execution.Job, StringComparer.Ordinal);
    }

    private static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line) yield return line;
    }

    public void Dispose()
    {
        Log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
