namespace Jobs.PowerShell;

/// <summary>
/// Where the module's commands work when a handler calls them: on the store of the pool that runs it, or on the one that it connected to itself, and never on
/// the connection of the session around it. It holds for the handler's thread and, by .NET's execution context, for those that it starts.
/// </summary>
/// <param name="Pool">The connection of the handler's pool.</param>
internal sealed record HandlerScope(Func<CancellationToken, ConnectedStore> Pool)
{
    private static readonly AsyncLocal<HandlerScope?> s_current = new();

    /// <summary>Null outside of handlers.</summary>
    public static HandlerScope? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    /// <summary>The pool's id; null while there is no run yet, as in an initialization script.</summary>
    public string? PoolId { get; init; }

    /// <summary>What the handler connected to; null: nothing.</summary>
    public ConnectedStore? Chosen { get; init; }

    public ConnectedStore Connect(CancellationToken cancellationToken) => Chosen ?? Pool(cancellationToken);

    /// <summary>Whether a pool is the one that runs this handler: it can't end before the handler has.</summary>
    public static bool IsOwnPool(string poolId) => Current?.PoolId == poolId;

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(HandlerScope? scope, Action action) => Run<object?>(scope, () =>
    {
        action();
        return null;
    });

    /// <summary>Does something in a scope, and leaves the caller's as it was.</summary>
    public static T Run<T>(HandlerScope? scope, Func<T> action)
    {
        var caller = Current;
        Current = scope;
        try
        {
            return action();
        }
        finally
        {
            Current = caller;
        }
    }
}
