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

    public ConsoleHost Host => _host;

    /// <summary>The code given to <c>exit</c>, once a script has asked to end the process.</summary>
    public int? ExitCode => _host.ExitCode;

    public int RunFile(string path, IReadOnlyList<CommandParameter> arguments)
    {
        EngineInternals.LetExitEndTheProcess(Runspace);
        var script = new Command(path, isScript: false, useLocalScope: false);
        foreach (var argument in arguments)
            script.Parameters.Add(argument);

        return Run(script) ? ExitCode ?? LastStatus() : ExitCode ?? 1;
    }

    public int RunCommand(string text) =>
        Run(new Command(text, isScript: true, useLocalScope: false)) ? ExitCode ?? LastStatus() : ExitCode ?? 1;

    /// <summary>Runs a command, its output formatted to the console; false when it ended in an exception, which is shown.</summary>
    public bool Run(Command command, bool toHistory = false)
    {
        using var pipeline = toHistory ? Runspace.CreatePipeline(command.CommandText, true) : Runspace.CreatePipeline();
        if (!toHistory)
            pipeline.Commands.Add(command);

        try
        {
            Invoke(pipeline);
            return true;
        }
        catch (Exception e) when (e is RuntimeException or InvalidOperationException)
        {
            Report(e);
            return false;
        }
    }

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

    private void Invoke(Pipeline pipeline)
    {
        // Errors travel with the output, so that both are shown in the order they were written.
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");
        lock (_gate)
            _running = pipeline;
        try
        {
            pipeline.Invoke();
        }
        finally
        {
            lock (_gate)
                _running = null;
            _host.Terminal.EraseProgress();
        }
    }

    private void Report(Exception exception)
    {
        var record = (exception as IContainsErrorRecord)?.ErrorRecord
            ?? new ErrorRecord(exception, "EngineHost", ErrorCategory.NotSpecified, null);
        using var pipeline = Runspace.CreatePipeline();
        pipeline.Commands.Add("Out-Default");
        pipeline.Input.Write(EngineInternals.AsErrorOutput(record));
        pipeline.Input.Close();
        pipeline.Invoke();
    }

    private int LastStatus() => LanguagePrimitives.IsTrue(Evaluate("$global:?")[0]) ? 0 : 1;

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true;
        Stop();
    }
}
