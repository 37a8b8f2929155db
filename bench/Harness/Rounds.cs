namespace Jobs.Bench.Harness;

/// <summary>Something to be measured in each round.</summary>
/// <param name="Contender">Who is measured.</param>
/// <param name="MeasureAsync">Measures once, with as many of its drivers as asked for.</param>
internal sealed record Case(Contender Contender, Func<IReadOnlyList<Driver>, Task<IReadOnlyList<Sample>>> MeasureAsync)
{
    /// <summary>How it is called; default the contender's name.</summary>
    public string Who { get; init; } = Contender.Name;

    /// <summary>How many processes it takes.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>True: in a new process each time.</summary>
    public bool IsCold { get; init; }
}

/// <summary>
/// Measures all cases in turn, then all again (A B C A B C …): what else happens on the machine hits each of them. The first round warms up and does not count.
/// </summary>
internal static class Rounds
{
    public static async Task RunAsync(Section section, int rounds, IReadOnlyList<Case> cases)
    {
        foreach (var contender in cases.Select(one => one.Contender).Where(one => one.Missing is not null).Distinct())
            section.Note($"{contender.Name}: skipped, {contender.Missing}");
        var running = cases.Where(one => one.Contender.Missing is null).ToList();
        var samples = running.ToDictionary(one => one, _ => new List<IReadOnlyList<Sample>>());
        var drivers = new Dictionary<string, List<Driver>>();
        try
        {
            for (var round = -1; round < rounds; round++)
            {
                foreach (var one in running.ToList())
                {
                    try
                    {
                        var taken = await MeasureAsync(one, drivers);
                        if (round >= 0) samples[one].Add(taken);
                    }
                    catch (DriverException e)
                    {
                        section.Note($"{one.Who}: failed, {e.Message}");
                        running.Remove(one);
                    }
                }
                Console.Write(round < 0 ? "  warm" : $" {round + 1}");
            }
            Console.WriteLine();
        }
        finally
        {
            foreach (var driver in drivers.Values.SelectMany(all => all)) await driver.DisposeAsync();
        }
        foreach (var one in running)
        {
            for (var i = 0; i < samples[one][0].Count; i++)
                section.Add(one.Who, one.Contender.IsPeer, [.. samples[one].Select(taken => taken[i])]);
        }
    }

    private static async Task<IReadOnlyList<Sample>> MeasureAsync(Case one, Dictionary<string, List<Driver>> drivers)
    {
        if (one.IsCold)
        {
            await using var driver = await Driver.StartAsync(one.Contender.Launch);
            return await one.MeasureAsync([driver]);
        }
        if (!drivers.TryGetValue(one.Contender.Name, out var own)) drivers[one.Contender.Name] = own = [];
        while (own.Count < one.Processes) own.Add(await Driver.StartAsync(one.Contender.Launch));
        return await one.MeasureAsync(own[..one.Processes]);
    }
}
