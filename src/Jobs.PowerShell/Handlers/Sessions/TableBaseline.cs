namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// What a table of a scope held, item by item. Compared in the table's own order: it changes only with the table, so the common case,
/// nothing changed, is one walk without a lookup.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="state">What of an item counts besides its identity.</param>
/// <param name="isWatched">Whether that state counts for an item.</param>
/// <param name="isModules">Whether a module brought it.</param>
/// <param name="remove">Takes an item out.</param>
/// <param name="restore">Puts an item back, with its state.</param>
internal sealed class TableBaseline<T>(Dictionary<string, T> table, Func<T, object?> state, Func<T, bool> isWatched, Func<T, bool> isModules, Action<string, T> remove, Action<T, object?> restore)
    where T : class
{
    private readonly Dictionary<string, (T Item, object? State, bool IsWatched)> _known = new(StringComparer.OrdinalIgnoreCase);
    private (T Item, object? State, bool IsWatched)[] _order = [];

    public void Capture()
    {
        _known.Clear();
        foreach (var (name, item) in table) _known[name] = (item, state(item), isWatched(item));
        _order = [.. _known.Values];
    }

    /// <summary>Whether something differs from the baseline.</summary>
    public bool HasChanged()
    {
        if (table.Count != _order.Length) return true;
        var i = 0;
        foreach (var item in table.Values)
        {
            ref var known = ref _order[i++];
            if (!ReferenceEquals(known.Item, item) || (known.IsWatched && !Same(state(item), known.State))) return true;
        }
        return false;
    }

    /// <summary>Sets all back. What a module brought stays: it is part of the module, which stays too.</summary>
    public void Restore()
    {
        foreach (var (name, item) in table.ToArray())
        {
            if (!_known.TryGetValue(name, out var known) || !ReferenceEquals(known.Item, item))
            {
                if (!isModules(item)) remove(name, item);
            }
            else if (known.IsWatched && !Same(state(item), known.State))
            {
                restore(item, known.State);
            }
        }
        foreach (var (name, known) in _known)
            if (!table.ContainsKey(name)) restore(known.Item, known.State);
        Capture();
    }

    private static bool Same(object? left, object? right) =>
        ReferenceEquals(left, right) || (left is ValueType or string && left.Equals(right));
}
