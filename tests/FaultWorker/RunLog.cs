using System.Diagnostics;
using System.Text;

namespace Jobs.FaultWorker;

/// <summary>
/// A process's part of the history of executions, in a file of its own: a line a write, unbuffered, so that what it wrote stands when it
/// is killed. Times are of the machine's monotonic clock.
/// </summary>
public sealed class RunLog(string folder) : IDisposable
{
    private readonly FileStream _file = new(Path.Combine(folder, $"{Environment.ProcessId}"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
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
