using System.Runtime.InteropServices;

namespace Jobs.PowerShell.Pools;

/// <summary>While a session has pools: the signals that end a process end its pools first, and Ctrl+C the pools in the foreground. The second one stops running jobs at once.</summary>
/// <remarks>On Windows SIGHUP stands for the closed console, SIGTERM for the end of the Windows session.</remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly Session _session;
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(Session session)
    {
        _session = session;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp),
        ];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    // PowerShell itself passes the first Ctrl+C only on to a cmdlet.
    private void OnInterrupt(PosixSignalContext context)
    {
        var concerned = _session.Pools.Where(pool => pool.IsForeground || _session.IsEnding).ToList();
        // What the user runs at a prompt beside a background pool is no concern of the pool's, but the programs of its jobs got the signal too.
        if (concerned.Count > 0) context.Cancel = true;
        foreach (var pool in concerned)
            _ = _session.IsEnding ? pool.EndAsync(TimeSpan.Zero) : pool.InterruptAsync();
        _session.Interruptions.Note();
    }

    private void OnTerminate(PosixSignalContext context)
    {
        var pools = _session.Pools;
        // The script that waits for a pool goes on when that has ended, and ends as it would have. Windows leaves it no time.
        if (pools.Any(pool => pool.IsForeground) && !OperatingSystem.IsWindows()) context.Cancel = true;
        End(context, StopAsync(pools));
    }

    // Nobody is there any more: the process ends as without a pool.
    private void OnHangUp(PosixSignalContext context) => End(context, StopAsync(_session.Pools));

    /// <summary>The process goes on as long as its handler of the signal does.</summary>
    private void End(PosixSignalContext context, Task stopped)
    {
        _session.Interruptions.Note();
        if (!context.Cancel) stopped.Wait(Timeout.Infinite);
    }

    private static Task StopAsync(ICollection<RunningPool> pools) => Task.WhenAll(pools.Select(pool => pool.InterruptAsync()));
}
