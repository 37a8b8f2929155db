using System.Text.Json;
using Jobs.Tests.PowerShell.Handlers.Sessions;

namespace Jobs.Tests.PowerShell.Handlers.Workers;

public sealed class LeaksInPoolTests(RedisFixture redis) : ScriptPoolTest(redis)
{
    private const int Jobs = 500;

    [Fact]
    public async Task Jobs_that_try_every_leak_leave_nothing_to_those_that_look()
    {
        var leaks = IsolationTests.Leaks.Select(row => row.Data).ToList();
        for (var i = 0; i < leaks.Count; i++)
        {
            Script($"leak{i}", leaks[i].Item1 + "; [runspace]::DefaultRunspace.Id");
            // A job of its own for each: what one look leaves is no excuse for the next.
            Script($"look{i}", leaks[i].Item2);
            Script($"clean{i}", leaks[i].Item2);
        }

        // What each look finds where nothing has leaked: in a runspace of one pool, before any leak.
        var clean = new List<string>();
        for (var i = 0; i < leaks.Count; i++) clean.Add((await ScheduleAsync($"clean{i}")).Id);
        await RunScriptsAsync(1, IsolationTests.Known);

        var (leaking, looking) = (new List<string>(), new List<(int Leak, string Id)>());
        for (var i = 0; i < Jobs; i++)
        {
            // Each kind of leak is followed by looks for it and for its neighbours, on whichever worker is free.
            var leak = i / 2 % leaks.Count;
            if (i % 2 == 0) leaking.Add((await ScheduleAsync($"leak{leak}")).Id);
            else looking.Add((leak, (await ScheduleAsync($"look{leak}")).Id));
        }
        await RunScriptsAsync(4, IsolationTests.Known);

        var workers = new HashSet<string>();
        foreach (var id in leaking)
        {
            var output = await Client.GetOutputAsync(id, Cancel);
            Assert.True(output is { Items.Count: > 0 }, (await Client.GetAsync(id, Cancel)).Error?.Message);
            workers.Add(output.Items[^1]);
        }
        // Each was undone: no runspace had to be replaced.
        Assert.Equal(4, workers.Count);
        foreach (var (leak, id) in looking)
            Assert.Equal(await FoundAsync(clean[leak]), await FoundAsync(id));
    }

    private async Task<string> FoundAsync(string id)
    {
        var job = await Client.GetAsync(id, Cancel);
        return $"{job.Type[^1]}: {job.Status} {job.Error?.Message} {JsonSerializer.Serialize((await Client.GetOutputAsync(id, Cancel))?.Items)}";
    }
}
