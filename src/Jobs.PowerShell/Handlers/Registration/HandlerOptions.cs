namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>How a handler is run.</summary>
internal sealed record HandlerOptions
{
    public static HandlerOptions Default { get; } = new();

    public JobErrorPolicy ErrorPolicy { get; init; }

    public JobIsolation Isolation { get; init; }

    /// <summary>Modules to import before the handler runs, as names or full paths (see <see cref="ModuleNames"/>).</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];
}
