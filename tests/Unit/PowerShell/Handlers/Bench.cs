using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Sessions;
using Jobs.PowerShell.Handlers.Workers;

namespace Jobs.Tests.PowerShell.Handlers;

/// <summary>Workers over fake runs, and a session of one's own to register handlers in.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ScriptHandler> _handlers = new();
    private readonly List<(FakeSource Source, Task Worker)> _workers = [];
    private ScriptWorkers? _pool;

    /// <summary>What Microsoft.PowerShell.Utility has in pwsh.</summary>
    public const string Writers = """
        function Write-Verbose { [CmdletBinding()] param($Message) $PSCmdlet.WriteVerbose($Message) }
        function Write-Debug { [CmdletBinding()] param($Message) $PSCmdlet.WriteDebug($Message) }
        function Write-Warning { [CmdletBinding()] param($Message) $PSCmdlet.WriteWarning($Message) }
        function Write-Information { [CmdletBinding()] param($Message, [string[]] $Tags = @()) $PSCmdlet.WriteInformation($Message, $Tags) }
        function Write-Host { [CmdletBinding()] param($Message, [switch] $NoNewline) $PSCmdlet.WriteInformation([System.Management.Automation.HostInformationMessage]@{ Message = $Message; NoNewLine = $NoNewline }, [string[]]@('PSHOST')) }
        function Write-Error { [CmdletBinding()] param($Message) $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new($Message), 'Written', 'InvalidData', $null)) }
        function Write-Progress { [CmdletBinding()] param($Activity, $Status = ' ', $Id = 0, $ParentId = -1, $PercentComplete = -1, [switch] $Completed)
            $record = [System.Management.Automation.ProgressRecord]::new($Id, $Activity, $Status)
            $record.PercentComplete = $PercentComplete; $record.ParentActivityId = $ParentId
            if ($Completed) { $record.RecordType = 'Completed' }
            $PSCmdlet.WriteProgress($record) }
        function Start-Sleep { param($Milliseconds) [System.Threading.Thread]::Sleep($Milliseconds) }
        """;

    public string Initialization { get; set; } = Writers;

    public IReadOnlyList<string> Modules { get; set; } = [];

    public ConcurrentQueue<string> Reports { get; } = [];

    public ScriptWorkers Pool => _pool ??= ScriptWorkers.Create(
        type => _handlers.GetValueOrDefault(type),
        InSession(session => ScriptHandler.FromScriptBlock("initialization", ScriptBlock.Create(Initialization), session)),
        Modules, Reports.Enqueue);

    public Bench Register(string type, string script, HandlerOptions? options = null, Action<SessionState>? prepare = null)
    {
        _handlers[type] = InSession(session =>
        {
            prepare?.Invoke(session);
            return ScriptHandler.FromScriptBlock(type, ScriptBlock.Create(script), session, options);
        });
        return this;
    }

    public Bench Register(ScriptHandler handler)
    {
        _handlers[handler.Name] = handler;
        return this;
    }

    public FakeSource AddWorker()
    {
        var source = new FakeSource();
        _workers.Add((source, Pool.Run(source, _workers.Count)));
        return source;
    }

    public FakeSource Source => _workers.Count == 0 ? AddWorker() : _workers[0].Source;

    public Task WorkerEnd(int number = 0) => _workers[number].Worker;

    /// <summary>Runs one job to its end.</summary>
    public async Task<FakeRun> Run(string type, string? data = null, bool parameters = false)
    {
        var run = new FakeRun(type, data, parameters);
        Source.Add(run);
        await run.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        return run;
    }

    /// <summary>Registers and runs.</summary>
    public Task<FakeRun> RunScript(string script, string? data = null, bool parameters = false, HandlerOptions? options = null)
    {
        var type = "T" + _handlers.Count;
        Register(type, script, options);
        return Run(type, data, parameters);
    }

    /// <summary>A piece of work in a session such as a user's.</summary>
    public static T InSession<T>(Func<SessionState, T> work) => InCmdlet(cmdlet => work(cmdlet.SessionState));

    public static T InCmdlet<T>(Func<PSCmdlet, T> work, string? setup = null)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace;
        if (setup is not null)
        {
            shell.AddScript(setup).Invoke();
            shell.Commands.Clear();
        }
        T result = default!;
        Exception? error = null;
        shell.AddCommand(new CmdletInfo("Invoke-Work", typeof(PumpCommand))).AddParameter("Pump", (Action<PumpCommand>)(pump =>
        {
            try { result = work(pump); }
            catch (Exception e) { error = e; }
        })).Invoke();
        if (error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (source, worker) in _workers)
        {
            source.Complete();
            await worker.WaitAsync(TimeSpan.FromSeconds(30));
            source.Dispose();
        }
        _pool?.Dispose();
    }

    public static async Task Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(20)) throw new TimeoutException();
            await Task.Delay(10);
        }
    }
}
