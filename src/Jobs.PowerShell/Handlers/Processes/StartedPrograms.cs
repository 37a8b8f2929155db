using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>
/// The programs that a worker's thread has started, and all that these have started. PowerShell, told to stop, ends a program that it waits for, but not what that
/// program has started itself.
/// </summary>
/// <remarks>Only Linux tells which thread started a program: elsewhere those of other workers could not be told apart, and PowerShell's own stop is all there is.</remarks>
internal sealed class StartedPrograms(string? thread)
{
    // The system keeps start times in hundredths of a second.
    private static readonly TimeSpan s_precision = TimeSpan.FromMilliseconds(20);

    /// <summary>Those of the calling thread.</summary>
    public static StartedPrograms OfThisThread() => new(OperatingSystem.IsLinux() ? new FileInfo("/proc/thread-self").LinkTarget : null);

    /// <summary>Those that run now and were started since.</summary>
    public IReadOnlyList<Process> Find(DateTime since)
    {
        var found = new List<Process>();
        if (thread is null) return found;
        var open = new Queue<int>(Children($"/proc/{thread}"));
        while (open.TryDequeue(out var id))
        {
            if (Open(id, since - s_precision) is not { } program) continue;
            found.Add(program);
            foreach (var child in Threads(id).SelectMany(Children)) open.Enqueue(child);
        }
        return found;
    }

    /// <summary>Ends programs, and what they started meanwhile.</summary>
    public static void Kill(IEnumerable<Process> programs)
    {
        foreach (var program in programs)
        {
            try
            {
                program.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
            {
                // It has ended by itself, or runs as another user.
            }
            program.Dispose();
        }
    }

    private static Process? Open(int id, DateTime since)
    {
        try
        {
            var process = Process.GetProcessById(id);
            if (process.StartTime.ToUniversalTime() >= since) return process;
            process.Dispose();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended this moment.
        }
        return null;
    }

    private static string[] Threads(int id)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{id}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static int[] Children(string thread)
    {
        try
        {
            return [.. File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The thread has ended, or this kernel does not tell.
            return [];
        }
    }
}
