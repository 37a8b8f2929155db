using System.Diagnostics;
using Jobs.PowerShell.Handlers.Processes;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// The right to stop the pump's pipeline, held for one run. A stop and the run's end race for it once: who comes second does nothing, so a stop can
/// never reach the next run. When the stop has won, the pump leaves its pipeline even if the handler has just ended.
/// </summary>
internal sealed class RunStop(System.Management.Automation.PowerShell pipeline, StartedPrograms started)
{
    private const int Running = 0;
    private const int Stopped = 1;
    private const int Ended = 2;

    private readonly DateTime _began = DateTime.UtcNow;
    private IReadOnlyList<Process> _programs = [];
    private int _state;
    private ManualResetEventSlim? _issued;

    /// <summary>Asks for the stop; from any thread.</summary>
    public void Stop()
    {
        // Made before the race, so that whoever sees the stop sees it.
        Interlocked.CompareExchange(ref _issued, new ManualResetEventSlim(), null);
        if (Interlocked.CompareExchange(ref _state, Stopped, Running) == Running)
            // Elsewhere, since the engine that cancels must not wait for a script. BeginStop's thread would keep the process alive behind a handler that never ends.
            new Thread(Issue) { IsBackground = true, Name = "Jobs stop" }.Start();
    }

    /// <summary>Marks the run's end; false: a stop came first.</summary>
    public bool TryEnd() => Interlocked.CompareExchange(ref _state, Ended, Running) == Running;

    /// <summary>Whether a stop has come.</summary>
    public bool HasStopped => Volatile.Read(ref _state) == Stopped;

    /// <summary>Ends what the run's programs have started; after PowerShell has begun to stop the pipeline, so that the handler does not go on behind them.</summary>
    public void KillPrograms() => StartedPrograms.Kill(_programs);

    /// <summary>After the pipeline has ended: waits until the stop has left it too.</summary>
    public void WaitUntilIssued() => _issued?.Wait(TimeSpan.FromSeconds(10));

    private void Issue()
    {
        // Before their parents end: then nobody knows any more whose they are.
        _programs = started.Find(_began);
        try
        {
            pipeline.Stop();
        }
        catch (Exception e) when (e is ObjectDisposedException or System.Management.Automation.PSInvalidOperationException)
        {
            // The pipeline has ended.
        }
        finally
        {
            _issued!.Set();
        }
    }
}
