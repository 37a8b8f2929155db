using System.Management.Automation;
using Jobs.Core;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>What all cmdlets share: they wait for the engine, stop when told to, and report its errors as PowerShell's.</summary>
public abstract class JobsCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Fires at Ctrl+C.</summary>
    private protected CancellationToken StopToken => _stopping.Token;

    /// <summary>The session's connection; opens the default one when there is none.</summary>
    private protected ConnectedStore Connection => Session.Current.Connect(StopToken);

    /// <summary>The client on it.</summary>
    private protected JobClient Client => Connection.Client;

    /// <inheritdoc cref="Cmdlet.BeginProcessing"/>
    protected sealed override void BeginProcessing() => Run(Begin);

    /// <inheritdoc cref="Cmdlet.ProcessRecord"/>
    protected sealed override void ProcessRecord() => Run(Process);

    /// <inheritdoc cref="Cmdlet.EndProcessing"/>
    protected sealed override void EndProcessing() => Run(End);

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ctrl+C came as the last object left.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the token.</summary>
    /// <param name="disposing">True: called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stopping.Dispose();
    }

    /// <summary>Before the first object.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>For each object.</summary>
    private protected virtual void Process()
    {
    }

    /// <summary>After the last object.</summary>
    private protected virtual void End()
    {
    }

    /// <summary>Waits for the engine, or for Ctrl+C.</summary>
    private protected T Await<T>(Task<T> task) => task.WaitAsync(StopToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Await{T}(Task{T})"/>
    private protected void Await(Task task) => task.WaitAsync(StopToken).GetAwaiter().GetResult();

    /// <summary>Lets time pass, until Ctrl+C.</summary>
    private protected void Sleep(TimeSpan time)
    {
        if (StopToken.WaitHandle.WaitOne(time)) throw new PipelineStoppedException();
    }

    /// <summary>Reports an error that concerns one object; the others follow.</summary>
    private protected void WriteError(JobsException exception, object? target = null) => WriteError(ErrorRecords.From(exception, target));

    /// <summary>Whether a parameter was given.</summary>
    private protected bool Has(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Whether someone wants to read what is only told on request.</summary>
    private protected bool WantsVerbose() =>
        MyInvocation.BoundParameters.TryGetValue("Verbose", out var asked)
            ? asked is SwitchParameter { IsPresent: true }
            : GetVariableValue("VerbosePreference") is ActionPreference preference && preference != ActionPreference.SilentlyContinue;

    /// <summary>Whether only what would be done is to be told: by -WhatIf, here or of a script around.</summary>
    private protected bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var asked)
        ? asked is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>The error of what a handler may not do.</summary>
    private protected static HandlerException NotInHandler(string what) =>
        new("NotInHandler", ErrorCategory.InvalidOperation, $"A handler can't {what}.");

    private void Run(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (ErrorRecords.TryFrom(e) is { } record)
        {
            ThrowTerminatingError(record);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
