using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Jobs.Core;

/// <summary>The job types this process knows. Their names are the same in any case.</summary>
public sealed class JobTypeRegistry
{
    private readonly ConcurrentDictionary<string, JobType> _types = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A type was added, replaced or removed; raised on the thread that did it.</summary>
    internal event Action? Changed;

    /// <summary>All types, by name.</summary>
    public IReadOnlyCollection<JobType> All => [.. _types.Values.OrderBy(type => type.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Adds a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="replace">True: an earlier one of the same name gives way, but for the spelling of its name.</param>
    /// <exception cref="JobsException">JobTypeExists, InvalidName, or a default out of its range.</exception>
    public void Register(JobType type, bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(type);
        Validate.Type(type);
        if (replace)
            _types.AddOrUpdate(type.Name, type, (_, known) => type with { Name = known.Name });
        else if (!_types.TryAdd(type.Name, type))
            throw new JobsException(JobsError.JobTypeExists, $"Job type '{type.Name}' is registered already. Unregister it first, or replace it (-Force).") { Target = type.Name };
        Changed?.Invoke();
    }

    /// <summary>Removes a type; false when there was none.</summary>
    public bool Unregister(string name)
    {
        if (!_types.TryRemove(name, out _)) return false;
        Changed?.Invoke();
        return true;
    }

    /// <summary>Finds a type.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out JobType? type) => _types.TryGetValue(name, out type);
}
