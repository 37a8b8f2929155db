using System.IO.Enumeration;
using Jobs.Core.Redis;

namespace Jobs.Core.Pools;

/// <summary>
/// The types that a pool runs: of those registered here, the ones its options name. They follow the registry as long as the pool lives. Names are
/// published to the store before they are served, and served as the store spells them.
/// </summary>
internal sealed class ServedTypes : IDisposable
{
    private readonly JobTypeRegistry _registry;
    private readonly PoolOptions _options;
    private readonly StoreConnection _store;
    private Dictionary<string, JobType> _published = new(StringComparer.OrdinalIgnoreCase);
    private volatile PoolNames _names;
    private int _changed;

    /// <exception cref="JobsException">JobTypeNotFound: there is nothing to run, or not what was asked for.</exception>
    public ServedTypes(JobTypeRegistry registry, PoolOptions options, StoreConnection store)
    {
        (_registry, _options, _store) = (registry, options, store);
        var all = registry.All;
        foreach (var pattern in options.Types ?? [])
        {
            if (!all.Any(type => Matches(pattern, type.Name)))
                throw new JobsException(JobsError.JobTypeNotFound, $"No job type '{pattern}' is registered here. Register it before the pool is started (Register-JobType).") { Target = pattern };
        }
        if (all.Count == 0)
            throw new JobsException(JobsError.JobTypeNotFound, "No job type is registered here: a pool would have nothing to run. Register one first (Register-JobType).");
        _names = new PoolNames(options.Queues, [.. Chosen().Select(type => type.Name)]);
        registry.Changed += OnChanged;
    }

    /// <summary>The registry is another than the one that was last published; from any thread.</summary>
    public event Action? Changed;

    /// <summary>As last published.</summary>
    public PoolNames Names => _names;

    /// <summary>A type that the pool runs now; null: it does not, or not any more.</summary>
    public JobType? Find(string name) => _registry.TryGet(name, out var type) && IsChosen(name) ? type : null;

    /// <summary>Makes the types known to the store, and serves them from now on.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref _changed, 0);
        var types = Chosen().ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);
        var queues = _options.Queues;
        var names = (string[])(await _store.RunAsync(Scripts.PublishTypes, TypeHash.Write(queues, types.Values), cancellationToken).ConfigureAwait(false))!;
        _published = types;
        _names = new PoolNames([.. names.Take(queues.Count).Distinct(StringComparer.Ordinal)], names[queues.Count..]);
    }

    /// <summary>Whether to publish again; asked by one thread.</summary>
    public bool HaveChanged() =>
        Interlocked.Exchange(ref _changed, 0) == 1
        && (Chosen().ToList() is var now && (now.Count != _published.Count || now.Exists(type => !_published.TryGetValue(type.Name, out var known) || !ReferenceEquals(known, type))));

    /// <summary>What was to be published could not be: it is to be tried again.</summary>
    public void Retry() => Volatile.Write(ref _changed, 1);

    public void Dispose() => _registry.Changed -= OnChanged;

    private void OnChanged()
    {
        Volatile.Write(ref _changed, 1);
        Changed?.Invoke();
    }

    private IEnumerable<JobType> Chosen() => _registry.All.Where(type => IsChosen(type.Name));

    // Asked for each job: without a lambda, which would take its name along in an object.
    private bool IsChosen(string name)
    {
        if (_options.Types is not { } patterns) return true;
        foreach (var pattern in patterns)
        {
            if (Matches(pattern, name)) return true;
        }
        return false;
    }

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);
}

/// <summary>A pool's queues, in order of preference, and its types, each as the store spells it.</summary>
internal sealed class PoolNames(IReadOnlyList<string> queues, IReadOnlyList<string> types)
{
    private readonly HashSet<string> _lanes = (from queue in queues.Append("*") from type in types select $"{queue}:{type}").ToHashSet(StringComparer.Ordinal);

    public IReadOnlyList<string> Queues => queues;

    public IReadOnlyList<string> Types => types;

    /// <summary>Whether a word on the wake channel, such as <c>default:Mail</c> or <c>*:Mail</c>, concerns the pool.</summary>
    public bool Concerns(string lane) => _lanes.Contains(lane);
}
