using System.Diagnostics;
using System.Text;

namespace Jobs.FaultWorker;

/// <summary>
/// The history of executions, written by many processes to one file: a line a write, appended by the system, so that what a process
/// wrote stands when it is killed. Times are of the machine's monotonic clock.
/// </summary>
public sealed class RunLog(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    private readonly Lock _gate = new();

    /// <summary>Milliseconds of the machine's monotonic clock.</summary>
    public static long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);

    public void Write(string what, string job, int attempt, string run)
    {
        var line = Encoding.ASCII.GetBytes($"{what} {job} {attempt} {run} {Environment.ProcessId} {Now}\n");
        lock (_gate) _file.Write(line);
    }

    public void Dispose() => _file.Dispose();
}
