using System.ComponentModel;
using System.IO.Pipes;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Streams;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>What a process started for one job runs. Called by the module itself.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ChildProcess
{
    private const int ConnectTimeoutInMilliseconds = 30_000;

    /// <summary>Takes the job from the pipe, runs it, and tells the pool how it went.</summary>
    /// <param name="pipe">The pipe's name.</param>
    public static void Run(string pipe)
    {
        using var group = OwnGroup.Enter();
        using var stream = new NamedPipeClientStream(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        stream.Connect(ConnectTimeoutInMilliseconds);
        using var reader = new StreamReader(stream, new UTF8Encoding(false), leaveOpen: true);
        var request = JsonSerializer.Deserialize<ChildRequest>(reader.ReadLine() ?? "null", ChildMessage.Format)
            ?? throw new InvalidDataException("The pool ended before it said what to run.");
        // For what a handler starts without its own context, such as queued thread jobs.
        Session.Current.Defaults = request.Store;

        using var run = new PipeRun(request, stream);
        run.ListenForStop(reader);
        try
        {
            var handler = ScriptHandler.Restore(request.Handler);
            using var workers = ScriptWorkers.Create(
                type => type == handler.Name ? handler : null,
                request.Initialization is null ? null : ScriptHandler.Restore(request.Initialization),
                request.Modules,
                languageMode: Enum.TryParse<PSLanguageMode>(request.LanguageMode, out var mode) ? mode : PSLanguageMode.FullLanguage,
                scope: new HandlerScope(cancellation => Session.Current.Open(request.Store, null, cancellation)));
            workers.Run(new OneRun(run)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HandlerException or RuntimeException)
        {
            run.Fail(ErrorDetail.Of(e), exitCode: 0);
        }
    }
}
