using System.Collections.Concurrent;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Registration;
using Jobs.PowerShell.Handlers.Workers;
using Jobs.PowerShell.Pools;

namespace Jobs.PowerShell;

/// <summary>All state of the module: connections, registered types, running pools.</summary>
internal sealed class Session
{
    private static readonly Lock Gate = new();
    private static Session? _current;

    private readonly Lock _signalGate = new();
    private StopSignals? _signals;

    // Kept by options: jobs and pools of a store stay usable after the session turned to another, and turning back costs nothing.
    private readonly ConcurrentDictionary<StoreOptions, ConnectedStore> _connections = new();
    private readonly ConcurrentDictionary<string, RunningPool> _pools = new(StringComparer.Ordinal);
    private volatile ConnectedStore? _connection;

    public static Session Current
    {
        get
        {
            lock (Gate)
                return _current ??= new Session();
        }
    }

    public JobTypeRegistry Types { get; } = new();

    /// <summary>The script handlers of <see cref="Types"/>, by type.</summary>
    public ConcurrentDictionary<string, ScriptHandler> Handlers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where a cmdlet connects when no store was named; null: as <see cref="DefaultOptions"/> says.</summary>
    public StoreOptions? Defaults { get; set; }

    /// <summary>The connection, if there is one: for completers, which must not wait for one.</summary>
    public ConnectedStore? Connected => HandlerScope.Current is { } scope ? scope.Chosen : _connection;

    /// <summary>The namespaces of the stores it has opened.</summary>
    public IEnumerable<string> Namespaces => _connections.Keys.Select(options => options.Namespace);

    /// <summary>Its pools that have not ended; one that has is let go a moment after whoever waited for it goes on.</summary>
    public ICollection<RunningPool> Pools => [.. _pools.Values.Where(pool => !pool.Completion.IsCompleted)];

    /// <summary>The signals that came to the process.</summary>
    public Interruptions Interruptions { get; } = new();

    /// <summary>Whether the session waits for its pools in order to end.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>The current connection; opens the default one when there is none. A handler has its pool's.</summary>
    public ConnectedStore Connect(CancellationToken cancellationToken) =>
        HandlerScope.Current is { } scope ? scope.Connect(cancellationToken)
        : _connection ?? Connect(Defaults ?? DefaultOptions(), null, cancellationToken);

    /// <summary>Opens a store and turns to it: the session, or for the rest of its run the handler that asks.</summary>
    public ConnectedStore Connect(StoreOptions options, string? localDataPath, CancellationToken cancellationToken)
    {
        var connection = Open(options, localDataPath, cancellationToken);
        if (HandlerScope.Current is { } scope) HandlerScope.Current = scope with { Chosen = connection };
        else _connection = connection;
        return connection;
    }

    /// <summary>Opens a store, once for all who use it.</summary>
    public ConnectedStore Open(StoreOptions options, string? localDataPath, CancellationToken cancellationToken)
    {
        if (!_connections.TryGetValue(options, out var connection))
        {
            var store = JobStore.ConnectAsync(options, cancellationToken: cancellationToken).GetAwaiter().GetResult();
            connection = new ConnectedStore(store, new JobClient(store, Types), options, localDataPath);
            if (!_connections.TryAdd(options, connection))
            {
                connection.Close();
                connection = _connections[options];
            }
        }
        return connection;
    }

    public static StoreOptions DefaultOptions() =>
        Environment.GetEnvironmentVariable("JOBS_STORE") is { Length: > 0 } configuration
            ? new StoreOptions { Configuration = configuration }
            : new StoreOptions();

    public void Add(RunningPool pool)
    {
        lock (_signalGate)
        {
            _pools[pool.Id] = pool;
            _signals ??= new StopSignals(this);
        }
        pool.Completion.ContinueWith(_ => Remove(pool), TaskScheduler.Default);
    }

    /// <summary>Whether a signal to the process explains that a run's program ended with an exit code that is not 0.</summary>
    public bool IsInterrupted(string poolId, long began, int exitCode) =>
        Interruptions.Explain(began, exitCode, FindPool(poolId) is { IsStopping: true });

    public RunningPool? FindPool(string id) => _pools.GetValueOrDefault(id);

    /// <summary>Stops the pools, each within its own shutdown time-out, and closes the connections. Types stay.</summary>
    public void Disconnect()
    {
        _connection = null;
        Task.WhenAll(_pools.Values.Select(pool => pool.EndAsync())).Wait(Timeout.Infinite);
        foreach (var options in _connections.Keys)
        {
            if (_connections.TryRemove(options, out var connection))
                connection.Close();
        }
    }

    /// <summary>Ends the session, if one was begun; the next use begins a new one.</summary>
    public static void End()
    {
        Session? session;
        lock (Gate)
        {
            session = _current;
            _current = null;
        }
        if (session is null) return;
        session.IsEnding = true;
        session.Disconnect();
        WorkerRunspaces.CloseAbandoned();
    }

    private void Remove(RunningPool pool)
    {
        lock (_signalGate)
        {
            _pools.TryRemove(pool.Id, out RunningPool? _);
            if (_pools.IsEmpty)
            {
                _signals?.Dispose();
                _signals = null;
            }
        }
        pool.Dispose();
    }
}
