using System.Runtime.InteropServices;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>Keeps a job's process from the signals that are meant for its pool: the pool alone says when the job is to end.</summary>
internal sealed class OwnGroup : IDisposable
{
    private readonly PosixSignalRegistration[] _ignored =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ignore),
    ];

    /// <summary>Leaves the pool's process group and terminal, and so do the programs that the handler runs; what a service manager still sends is ignored.</summary>
    /// <remarks>On Windows the process has a console of its own.</remarks>
    public static OwnGroup Enter()
    {
        // It fails only where the process leads a group already.
        if (!OperatingSystem.IsWindows()) _ = SetSid();
        return new OwnGroup();
    }

    public void Dispose()
    {
        foreach (var registration in _ignored) registration.Dispose();
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetSid();
}
