namespace Jobs.Bench.Harness;

/// <summary>What one benchmark has found.</summary>
internal sealed class Section(IBenchmark benchmark)
{
    private readonly List<Figure> _figures = [];
    private readonly List<Target> _targets = [];
    private readonly List<string> _notes = [];

    public IBenchmark Benchmark => benchmark;

    public IReadOnlyList<Figure> Figures => _figures;

    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>What is missing, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public void Note(string text)
    {
        if (_notes.Contains(text)) return;
        _notes.Add(text);
        Console.WriteLine($"  {text}");
    }

    /// <summary>Adds a figure of all rounds, compared with the peers' in the same row once these are there.</summary>
    public void Add(string who, bool isPeer, IReadOnlyList<Sample> samples)
    {
        _figures.Add(new Figure(who, isPeer, samples));
        foreach (var figure in _figures) figure.Ratio = BestPeer(figure.What) is { } best && best.Median > 0 ? figure.Median / best.Median : null;
    }

    /// <summary>Adds a figure that was measured once.</summary>
    public void Add(string who, Sample sample) => Add(who, isPeer: false, [sample]);

    public Figure? Find(string what, string who) => _figures.FirstOrDefault(figure => figure.What == what && figure.Who == who);

    public Figure? BestPeer(string what)
    {
        var peers = _figures.Where(figure => figure.IsPeer && figure.What == what).OrderBy(figure => figure.Median).ToList();
        return peers.Count == 0 ? null : peers[0].LessIsBetter ? peers[0] : peers[^1];
    }

    public void AtLeast(string what, double? value, double limit, string unit)
    {
        if (value is { } known) _targets.Add(new Target(what, known, limit, IsLeast: true, unit));
        else Note($"{what}: not compared, for one of the two is missing.");
    }

    /// <summary>So many times the best peer's figure of the row.</summary>
    public void AtLeastOverPeers(string what, Contender who, double limit) => AtLeast($"{what}, {who.Name} over the best peer", Find(what, who.Name)?.Ratio, limit, "×");

    public void AtMost(string what, double? value, double limit, string unit)
    {
        if (value is { } known) _targets.Add(new Target(what, known, limit, IsLeast: false, unit));
        else Note($"{what}: not compared, for one of the two is missing.");
    }
}
