using System.Diagnostics;

namespace Jobs.PowerShell.Pools;

/// <summary>
/// Signals that came to the whole process group, as Ctrl+C does and what a service manager sends: programs that handlers run get them too, and end. Such a run has not failed.
/// </summary>
internal sealed class Interruptions
{
    // The program may be heard to have ended before the signal is heard.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_reach = TimeSpan.FromSeconds(5);

    private const int StatusControlCExit = unchecked((int)0xC000013A);

    private readonly object _gate = new();
    private long _last;

    public void Note()
    {
        lock (_gate)
        {
            _last = Stopwatch.GetTimestamp();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Whether a signal explains that a program ended with an error: one that came during the run and moments ago, or that is ending the pool.</summary>
    /// <param name="began">The run's begin, as a timestamp.</param>
    /// <param name="exitCode">The program's. Where it says that a signal ended it, this waits for that signal for a moment.</param>
    /// <param name="isStopping">Whether the pool is stopping.</param>
    public bool Explain(long began, int exitCode, bool isStopping)
    {
        lock (_gate)
        {
            if (!CameSince(began) && IsOfSignal(exitCode)) Monitor.Wait(_gate, s_patience);
            return CameSince(began) && (isStopping || Stopwatch.GetElapsedTime(_last) < s_reach);
        }
    }

    /// <summary>Whether a program says that a signal ended it: SIGHUP, SIGINT, SIGQUIT, SIGTERM; on Windows Ctrl+C.</summary>
    public static bool IsOfSignal(int exitCode) => exitCode is 128 + 1 or 128 + 2 or 128 + 3 or 128 + 15 or StatusControlCExit;

    private bool CameSince(long began) => _last >= began;
}
