using System.Runtime.InteropServices;

namespace Jobs.PowerShell.Pools;

/// <summary>While a pool runs in the foreground: SIGTERM and Ctrl+C stop it gracefully, the second one at once.</summary>
/// <remarks>PowerShell itself passes the first Ctrl+C only on to a cmdlet.</remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly RunningPool _pool;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private int _count;

    public StopSignals(RunningPool pool)
    {
        _pool = pool;
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
    }

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // The process goes on until the pool has ended; the script then ends as it would have.
        context.Cancel = true;
        TimeSpan? grace = Interlocked.Increment(ref _count) > 1 ? TimeSpan.Zero : null;
        _pool.StopAsync(grace).ContinueWith(stop => stop.Exception, TaskScheduler.Default);
    }
}
