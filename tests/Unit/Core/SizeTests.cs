using System.Text.RegularExpressions;
using Jobs.Core;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Tests.Core;

/// <summary>Lua can't pass more than some 8,000 values at once: scripts take more than that all the same.</summary>
public sealed partial class SizeTests(RedisFixture redis) : StoreTest(redis)
{
    private const int Many = 9_000;

    private static string[] Ids { get; } = [.. Enumerable.Range(0, Many).Select(i => $"{i:D26}")];

    [Fact]
    public async Task Finding_27_a_pool_of_many_types_and_queues_claims()
    {
        for (var i = 0; i < 900; i++) Register($"type{i}");
        string[] queues = [.. Enumerable.Range(0, 10).Select(i => $"queue{i}")];
        var jobs = await Client.ScheduleAsync([.. from i in Enumerable.Range(0, 20) select new JobRequest { Type = $"type{i * 47}", Queue = queues[i % 10] }]);
        Assert.Equal(jobs.Count, (await RunUntilEmptyAsync(new PoolOptions { Queues = queues })).Count);
    }

    [Fact]
    public async Task Finding_27_each_script_takes_many_thousands_at_once()
    {
        await SendAsync(Scripts.ScheduleJobs, [Many, .. Ids.SelectMany(id => (RedisValue[])[id, "a", "default", 0, "now", 0, "", "", 0, 2, "data", id])]);
        var keys = Store.Connection.Keys.WithLanes(["default"], ["a"]);
        for (var claim = 1; claim <= Many / 1000; claim++)
            Assert.Equal(1000, Packed.Claims(await Store.Connection.SendAsync(Scripts.PopNextJobs, keys, [claim, "pool", "host", 600_000, Many, 1 << 30, "", "a"])).Count);
        await SendAsync(Scripts.Heartbeat, ["pool", 600_000, Many * 2, .. Ids.SelectMany(id => (RedisValue[])[id, 1]), .. Ids.SelectMany(id => (RedisValue[])[id, 1])]);
        await SendAsync(Scripts.ReportJobs, [Ids[0], 1, "", 0, Many, .. Ids.Select(id => (RedisValue)id)]);
        await SendAsync(Scripts.SetJobField, ["", "", 0, string.Join(' ', Ids), Many * 2, .. Ids.SelectMany(id => (RedisValue[])[id, 1]), Ids[1]]);
        await SendAsync(Scripts.PublishTypes, [1, "default", "a", string.Join(' ', Ids), Many * 2, .. Ids.SelectMany(id => (RedisValue[])[id, 1])]);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await SendAsync(Scripts.FinishJobs, [.. Ids.SelectMany(id => (RedisValue[])[id, 1, "a", now, now, "", "", "", "", 0])]);
        Assert.Equal(Many, await Client.CountAsync(new JobQuery { Statuses = [JobStatus.Finished] }));
        await SendAsync(Scripts.AddJobToSet, ["restart", "r", .. Ids.Select(id => (RedisValue)id)]);
        await SendAsync(Scripts.SetJobStatus, ["cancelled", "why", .. Ids.Select(id => (RedisValue)id)]);
        await SendAsync(Scripts.DestroyJob, [0, .. Ids.Select(id => (RedisValue)id)]);
        Assert.Equal(0, await Client.CountAsync(new JobQuery()));
    }

    [Fact]
    public void Finding_27_no_script_hands_out_a_list_of_unknown_length_at_once()
    {
        foreach (var script in Scripts.All)
        {
            foreach (Match call in UnpackPattern().Matches(script.Text))
                Assert.True(BoundedPattern().IsMatch(call.Value), $"{script.Name}.lua: {call.Value}: use in_parts, or a number of values that stands in the script.");
        }
    }

    private Task<RedisResult> SendAsync(Script script, RedisValue[] arguments) => Store.Connection.SendAsync(script, arguments);

    [GeneratedRegex(@"(?<!\.|or )\bunpack\([^\n]*")]
    private static partial Regex UnpackPattern();

    /// <summary>So many from a place on; the parts themselves; the fields of a job that the client names.</summary>
    [GeneratedRegex(@"^unpack\((ARGV, i( \+ \d)?, i \+ \d\)|values, from, math\.min\(from \+ 999, last\)\)|names, 1, )")]
    private static partial Regex BoundedPattern();
}
