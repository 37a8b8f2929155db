using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core;

/// <summary>
/// Finds the ids of the jobs that a query asks for, before any of them is read or changed: up to 25,000 as of one moment. What goes beyond is read on by
/// score and id, so that a set that changes meanwhile makes nothing come twice or be left out.
/// </summary>
internal sealed class JobListing(StoreConnection store, JobQuery query)
{
    // Each keeps Redis busy for some 10 ms at most.
    private const int MostIds = 25_000;
    private const int MostLookedInto = 4_000;

    private readonly RedisValue[] _filters =
    [
        query.Since is { } since ? since.ToUnixTimeMilliseconds() : "", query.Until is { } until ? until.ToUnixTimeMilliseconds() : "",
    ];

    private readonly RedisValue[] _patterns = [query.Types.Count, .. NamePattern.Compile(query.Types), .. NamePattern.Compile(query.Queues)];
    private readonly IReadOnlyList<JobStatus> _statuses = [.. query.Statuses.Distinct()];

    /// <summary>The ids, in the order asked for.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        if (query.First is { } first) return first <= 0 ? [] : await ReadPageAsync(first, cancellationToken).ConfigureAwait(false);
        var ids = await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        return query.Skip == 0 ? ids : [.. ids.Skip((int)Math.Min(query.Skip, int.MaxValue))];
    }

    /// <summary>How many there are, Skip and First aside: as many as can be passed over.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        const long All = 1L << 52;
        var left = All;
        await foreach (var page in PagesAsync(_statuses, ascending: true, All, MostIds, cancellationToken).ConfigureAwait(false)) left = page.ToSkip;
        return All - left;
    }

    private async Task<IReadOnlyList<string>> ReadPageAsync(long first, CancellationToken cancellationToken)
    {
        var ids = new OrderedIds();
        await foreach (var page in PagesAsync(_statuses, query.OldestFirst, query.Skip, first, cancellationToken).ConfigureAwait(false))
        {
            foreach (var (_, found) in page.Sets) ids.Add(found);
            if (ids.Count >= first) break;
        }
        return ids.Items;
    }

    /// <summary>
    /// Jobs leave a set at its lowest score first, and go through the statuses in their order: read that way, one that moves on between two calls has
    /// been read already, or is read where it went.
    /// </summary>
    private async Task<IReadOnlyList<string>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var sets = new List<(string Name, List<string> Ids)>();
        await foreach (var page in PagesAsync([.. _statuses.Order()], ascending: true, 0, long.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            foreach (var (name, found) in page.Sets)
            {
                if (sets.Count == 0 || sets[^1].Name != name) sets.Add((name, []));
                sets[^1].Ids.AddRange(found);
            }
        }
        var ids = new OrderedIds();
        foreach (var (_, found) in sets.OrderBy(set => Rank(set.Name)))
        {
            if (!query.OldestFirst) found.Reverse();
            ids.Add(found);
        }
        return ids.Items;
    }

    private int Rank(string set)
    {
        for (var i = 0; i < _statuses.Count; i++)
        {
            if (set.StartsWith(Name(_statuses[i]), StringComparison.Ordinal)) return i;
        }
        return 0;
    }

    private async IAsyncEnumerable<Page> PagesAsync(
        IReadOnlyList<JobStatus> statuses, bool ascending, long toSkip, long most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sets = statuses.Count == 0 ? "jobs" : string.Join(' ', statuses.Select(Name));
        RedisValue[] from = ["", "", ""];
        do
        {
            RedisValue[] arguments = [sets, ascending ? 1 : 0, toSkip, Math.Min(most, MostIds), MostLookedInto, .. _filters, .. from, .. _patterns];
            var page = Page.Read((RedisResult[])(await store.RunAsync(Scripts.QueryJobs, arguments, cancellationToken).ConfigureAwait(false))!);
            yield return page;
            (toSkip, from) = (page.ToSkip, page.GoOn);
            most -= page.Sets.Sum(set => set.Ids.Length);
        }
        while (from[0] != "" && most > 0);
    }

    private static string Name(JobStatus status) => status.ToString().ToLowerInvariant();

    private sealed record Page(long ToSkip, RedisValue[] GoOn, IReadOnlyList<(string Name, string[] Ids)> Sets)
    {
        public static Page Read(RedisResult[] reply) => new(
            (long)reply[0],
            [(RedisValue)reply[1], (RedisValue)reply[2], (RedisValue)reply[3]],
            [.. reply.Skip(4).Chunk(2).Select(set => ((string)set[0]!, (string[])set[1]!))]);
    }

    /// <summary>Ids in the order in which each came first: a job that moved between two calls may be met twice.</summary>
    private sealed class OrderedIds
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private readonly List<string> _items = [];

        public int Count => _items.Count;

        public IReadOnlyList<string> Items => _items;

        public void Add(IEnumerable<string> ids)
        {
            foreach (var id in ids)
            {
                if (_known.Add(id)) _items.Add(id);
            }
        }
    }
}
