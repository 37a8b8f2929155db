using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Streams;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>
/// One job in a process of its own, as its worker sees it. The job goes there, and what it says comes back, as lines of JSON by a pipe that only this
/// user can open; what the process prints goes to the job's log.
/// </summary>
internal sealed class ChildRun(WorkerTemplate template, ScriptHandler handler, IRun run)
{
    /// <summary>How long a stopped handler may take before its process is killed; less than the engine's own grace, after which it would replace the worker.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _lastErrors = new();
    private ChildMessage? _end;

    /// <summary>Runs the job to its end on the calling thread.</summary>
    public static void Run(WorkerTemplate template, IRun run)
    {
        if (run.Stopping.IsCancellationRequested) run.Fail(ErrorDetail.Stopped(run.StopReason));
        else if (template.Find(run.Job.Type) is not { } handler) run.Release();
        else new ChildRun(template, handler, run).RunAsync().GetAwaiter().GetResult();
    }

    private async Task RunAsync()
    {
        var name = $"jobs-{Guid.NewGuid():N}";
        Process process;
        try
        {
            using var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
            process = template.Processes!.Start(name);
            using (process) await TalkAsync(process, pipe).ConfigureAwait(false);
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException or HandlerException or InvalidOperationException)
        {
            run.Fail(ErrorDetail.Of(e));
        }
    }

    private async Task TalkAsync(Process process, NamedPipeServerStream pipe)
    {
        var exited = process.WaitForExitAsync();
        var printed = Task.WhenAll(PrintedLines.ReadAsync(process.StandardOutput, Printed), PrintedLines.ReadAsync(process.StandardError, PrintedError));
        try
        {
            using var starting = CancellationTokenSource.CreateLinkedTokenSource(run.Stopping);
            starting.CancelAfter(StartLimit);
            var connected = pipe.WaitForConnectionAsync(starting.Token);
            if (await Task.WhenAny(connected, exited).ConfigureAwait(false) == connected && connected.IsCompletedSuccessfully)
            {
                await SendAsync(pipe, JsonSerializer.Serialize(Request(), ChildMessage.Format)).ConfigureAwait(false);
                await using (run.Stopping.UnsafeRegister(_ => _ = StopAsync(process, pipe), null)) await ListenAsync(pipe, exited).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The process ended under our hands: what is said below.
        }
        if (_end is not null) await Task.WhenAny(exited, Task.Delay(ExitGrace)).ConfigureAwait(false);
        Kill(process);
        await exited.ConfigureAwait(false);
        // What it started and left running may hold its output open.
        await Task.WhenAny(printed, Task.Delay(ExitGrace)).ConfigureAwait(false);
        Complete(process.ExitCode);
    }

    private ChildRequest Request() => new()
    {
        Job = run.Job,
        PoolId = run.PoolId,
        Deadline = run.Deadline,
        Handler = HandlerParcel.Of(handler),
        Initialization = template.Initialization is null ? null : HandlerParcel.Of(template.Initialization),
        Modules = template.Modules,
        LanguageMode = template.Initial.LanguageMode.ToString(),
        Store = template.Processes!.Store,
    };

    /// <summary>Until the job or its process ends.</summary>
    private async Task ListenAsync(NamedPipeServerStream pipe, Task exited)
    {
        using var reader = new StreamReader(pipe, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        while (_end is null)
        {
            var next = reader.ReadLineAsync();
            // A program that the handler started and left may have inherited the pipe: the exit counts too, once all is read.
            if (!next.IsCompleted && await Task.WhenAny(next, exited).ConfigureAwait(false) == exited)
                await Task.WhenAny(next, Task.Delay(ExitGrace)).ConfigureAwait(false);
            if (!next.IsCompleted || await next.ConfigureAwait(false) is not { } line) return;
            Take(JsonSerializer.Deserialize<ChildMessage>(line, ChildMessage.Format)!);
        }
    }

    private void Take(ChildMessage message)
    {
        if (message.Progress is { } progress) run.Report(progress);
        else if (message.Level is { } level) run.Log((JobLogLevel)level, message.Text ?? "");
        else if (message.IsEnd) _end = message;
    }

    /// <summary>Asks the handler to end, so that its finally blocks run; then ends its process.</summary>
    private static async Task StopAsync(Process process, NamedPipeServerStream pipe)
    {
        try
        {
            await SendAsync(pipe, "stop").ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return;
        }
        await Task.Delay(StopGrace).ConfigureAwait(false);
        Kill(process);
    }

    private static async Task SendAsync(NamedPipeServerStream pipe, string line)
    {
        await pipe.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).ConfigureAwait(false);
        await pipe.FlushAsync().ConfigureAwait(false);
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    private void Complete(int exitCode)
    {
        if (run.Stopping.IsCancellationRequested && _end is null or { Error: not null }) run.Fail(ErrorDetail.Stopped(run.StopReason));
        else if (_end is null) run.Fail(Crashed(exitCode), exitCode);
        else if (_end.Error is { } error) run.Fail(error, _end.ExitCode);
        else run.Succeed(_end.Output, _end.ExitCode);
    }

    private JobError Crashed(int exitCode) => new()
    {
        Message = $"The job's process ended before its handler did, with exit code {exitCode}.{(_lastErrors.Length > 0 ? Environment.NewLine + _lastErrors.ToString().TrimEnd() : "")}",
        Type = "Jobs.ProcessEnded",
        Category = nameof(ErrorCategory.OperationStopped),
        ErrorId = $"ExitCode{exitCode}",
    };

    private void Printed(string line) => run.Log(JobLogLevel.Information, line);

    private void PrintedError(string line)
    {
        run.Log(JobLogLevel.Error, line);
        if (_lastErrors.Length < 1000) _lastErrors.AppendLine(line);
    }
}
