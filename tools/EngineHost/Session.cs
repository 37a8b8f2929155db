using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.EngineHost.Host;
using Microsoft.PowerShell;

namespace Jobs.EngineHost;

/// <summary>One runspace of the real engine, made as pwsh makes its own, and the pipelines that run in it.</summary>
internal sealed class Session : IDisposable
{
    private readonly ConsoleHost _host;
    private readonly Lock _gate = new();
    private Pipeline? _running;

    public Session(bool nonInteractive)
    {
        _host = new ConsoleHost(nonInteractive);
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.Bypass;

        Runspace = RunspaceFactory.CreateRunspace(_host, state);
        Runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        Runspace.Open();
        Runspace.DefaultRunspace = Runspace;
        EngineInternals.SetPrimaryRunspace(Runspace);
        Console.CancelKeyPress += OnCancelKey;
    }

    public Runspace Runspace { get; }

    /// <summary>The code given to <c>exit</c>, once a script has asked to end the process.</summary>
    public int? ExitCode => _host.ExitCode;

    public int RunFile(string path, IReadOnlyList<CommandParameter> arguments)
    {
        EngineInternals.LetExitEndTheProcess(Runspace);
        var script = new Command(path, isScript: false, useLocalScope: false);
        foreach (var argument in arguments)
            script.Parameters.Add(argument);

        var pipeline = Runspace.CreatePipeline();
        pipeline.Commands.Add(script);
        return CodeOf(Run(pipeline));
    }

    public int RunCommand(string text) => CodeOf(RunLine(text));

    /// <summary>Runs text as if typed at a prompt, which is what makes it set <c>$?</c>.</summary>
    public bool RunLine(string text) => Run(Runspace.CreatePipeline(text, addToHistory: true));

    /// <summary>Evaluates text and returns its output, for the prompt.</summary>
    public IReadOnlyList<PSObject> Evaluate(string text)
    {
        using var pipeline = Runspace.CreatePipeline(text);
        return [.. pipeline.Invoke()];
    }

    public bool IsRunning
    {
        get
        {
            lock (_gate)
                return _running is not null;
        }
    }

    /// <summary>Stops what runs, as Ctrl+C does.</summary>
    public void Stop()
    {
        Pipeline? running;
        lock (_gate)
            running = _running;
        running?.StopAsync();
    }

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKey;
        Runspace.Dispose();
    }

    // Output is formatted to the console. False when it ended in an exception, which is shown.
    private bool Run(Pipeline pipeline)
    {
        // Errors travel with the output, so that both are shown in the order they were written.
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");
        lock (_gate)
            _running = pipeline;
        try
        {
            pipeline.Invoke();
            return true;
        }
        catch (Exception e) when (e is RuntimeException or InvalidOperationException)
        {
            Report(e);
            return false;
        }
        finally
        {
            lock (_gate)
                _running = null;
            _host.Terminal.EraseProgress();
            pipeline.Dispose();
        }
    }

    private void Report(Exception exception)
    {
        var record = (exception as IContainsErrorRecord)?.ErrorRecord
            ?? new ErrorRecord(exception, "EngineHost", ErrorCategory.NotSpecified, null);
        if (record is { InvocationInfo: null, CategoryInfo.Category: ErrorCategory.ParserError })
        {
            // The engine's view shows a parse error by its position, and without one nothing at all.
            _host.Terminal.WriteErrorLine("ParserError: " + exception.Message);
            return;
        }

        using var pipeline = Runspace.CreatePipeline();
        pipeline.Commands.Add("Out-Default");
        pipeline.Input.Write(EngineInternals.AsErrorOutput(record));
        pipeline.Input.Close();
        pipeline.Invoke();
    }

    private int CodeOf(bool completed) => ExitCode ?? (completed && LanguagePrimitives.IsTrue(Evaluate("$global:?")[0]) ? 0 : 1);

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true;
        Stop();
    }
}
