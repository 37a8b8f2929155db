using System.Text.RegularExpressions;
using Jobs.Core;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Tests.Core;

/// <summary>
/// Every script may be sent twice, since a reply can be lost: at once, or when others have gone on with what the first call did. Afterwards the store is
/// as if it had been sent once.
/// </summary>
public sealed partial class TwiceTests(RedisFixture redis) : StoreTest(redis)
{
    private const long Later = 3_600_000;
    private static readonly string[] JobTypes = ["a", "b"];

    /// <summary>Of each script the calls that are sent twice, to the store that <see cref="ArrangeAsync"/> makes.</summary>
    private static readonly Dictionary<string, RedisValue[][]> Calls = new(StringComparer.Ordinal)
    {
        ["schedule_jobs"] =
        [
            [3, .. Job("n1", unique: "new", parent: "x1"), .. Job("n2", unique: "key", flags: "ut"), .. Job("n3", unique: "key")],
            [1, .. Job("n4", unique: "busy", flags: "ut")],
        ],
        ["pop_next_jobs"] = [[2, "p", "host", 600_000, 2, 1 << 20, "", .. JobTypes]],
        ["finish_jobs"] =
        [
            ["x1", 1, "a", 1, 2, "", "[false,1]", "{}", "", 2, "one", "two", "r1", 1, "a", 1, 2, Later + 1_800_000_000_000, "", "", 0, 1, "one", "x2", 1, "a", 1, 2, "", "", "", "", 0],
            ["lapsed", 1, "a", 1, 2, "", "", "", "", 1, "late"],
        ],
        ["retry_or_fail_job"] = [["x1", 1, 1, 2, "{}", 0, "", "", "", 1, "one", "x2", 1, 1, 2, "{}", 0, "", "", "", 0, "r1", 1, 1, 2, "{}", -1, Later + 1_800_000_000_000, "", "", 0]],
        ["release_jobs"] = [["x1", 1, "", "", "", "", 1, "one", "lapsed", 1, "", "", "", "", 0, "r1", 1, Later + 1_800_000_000_000, "", "", "", 0]],
        ["heartbeat"] = [["p", 600_000, 2, "name", "mine", "x1", 1, "r1", 1, "x2", 7]],
        ["purge_stale_pool"] = [["reaper", "host", 600_000, 100, 3, 1 << 20]],
        ["settle_children"] = [["p"]],
        ["report_jobs"] = [["x1", 1, "{\"activity\":\"a\"}", 0, 2, "one", "two", "r1", 1, "", 0, 1, "other", "lapsed", 1, "", 0, 1, "late"]],
        ["set_job_status"] = [["cancelled", "why", "x1", "q1", "held", "done", "none"], ["saved", "", "x1", "q1", "later", "r1"]],
        ["add_job_to_set"] = [["resume", "", "held", "x1", "q1"], ["restart", "r-1", "done", "broken", "q1"]],
        ["set_job_field"] = [["u-1", "in", 0, "", 2, "priority", 3, "r1", "q1", "x1"], ["u-1", "in", Later, "", 0, "q1", "later"], ["u-1", "", 0, "freq", 2, "queue", "other", "q1", "x1"]],
        ["destroy_job"] = [[0, "done", "x1", "q1", "none"], [1, "x1", "lapsed"]],
        ["clear_history"] = [["finished", 2, 1, "", ""]],
        ["get_jobs_by_ids"] = [[1000, 1000, "state data", "x1", "none"]],
        ["get_job_details"] = [["done", "output", 0, 1000], ["done", "log", 0, 1000]],
        ["get_parents"] = [[1000, "done"]],
        ["query_jobs"] = [["jobs queued", 1, 0, 10, 10, "", "", "", "", "", 0]],
        ["get_summary"] = [[10]],
        ["publish_types"] = [[1, "default", "a", "timeout", 4, "retries", 1, "limit", 9, "c", "", 2, "retries", 0]],
        ["get_types"] = [[]],
        ["pause_type"] = [["a", 1], ["a", 0]],
        ["get_pools"] = [[]],
        ["stop_pool"] = [["p", "ask", "1000"], ["p", "forget", ""]],
        ["get_layout"] = [[]],
        ["check_rights"] = [["GET", "SET"]],
        ["set_retention"] = [[1_000_000_000, 2_000_000_000, 3_000_000_000, 5]],
    };

    public static TheoryData<string, int, bool> Sendings { get; } = new(
        from script in Scripts.All
        from call in Enumerable.Range(0, Calls.TryGetValue(script.Name, out var calls) ? calls.Length : 1)
        from meanwhile in new[] { false, true }
        select (script.Name, call, meanwhile));

    [Theory]
    [MemberData(nameof(Sendings))]
    public async Task Finding_23_every_script_sent_twice_leaves_what_it_leaves_sent_once(string name, int call, bool meanwhile)
    {
        Assert.True(Calls.ContainsKey(name), $"No call of the script {name} is known here: every script may be sent twice, so add some.");
        var once = await RunAsync(name, Calls[name][call], meanwhile, times: 1);
        var twice = await RunAsync(name, Calls[name][call], meanwhile, times: 2);
        Assert.Equal(once, twice);
    }

    [Fact]
    public async Task Finding_23_what_a_user_asks_is_done_once_and_well_where_the_reply_is_lost()
    {
        Register("a");
        var lossy = new JobClient(new JobStore(new StoreConnection(LostReplies.Of(Store.Connection.Redis), new ConfigurationOptions { DefaultDatabase = Store.Database }, new Keys(Namespace), "lossy", TimeProvider.System), Namespace), Types);
        var job = await lossy.ScheduleAsync(new JobRequest { Type = "a", UniqueKey = "k" });
        Assert.Equal(JobStatus.Saved, (await lossy.HoldAsync(job.Id)).Status);
        Assert.Equal(JobStatus.Queued, (await lossy.ResumeAsync(job.Id)).Status);
        Assert.Equal(9, (await lossy.UpdateAsync(job.Id, new JobChange { Priority = 9 })).Priority);
        Assert.Equal(job.Id, (await lossy.ScheduleAsync(new JobRequest { Type = "a", UniqueKey = "k", IfExists = ExistingJob.Update, Priority = 1 })).Id);
        Assert.Equal(JobStatus.Cancelled, (await lossy.CancelAsync(job.Id)).Status);
        Assert.Equal(JobStatus.Queued, (await lossy.RestartAsync(job.Id)).Status);
        Assert.Single(await RunUntilEmptyAsync());
        Assert.Equal(1, await lossy.ClearHistoryAsync([JobStatus.Finished], typePatterns: ["b"]) + await Client.ClearHistoryAsync([JobStatus.Finished]));
        await lossy.DestroyAsync(job.Id);
    }

    private async Task<string> RunAsync(string name, RedisValue[] arguments, bool meanwhile, int times)
    {
        var keys = new Keys($"{Namespace}-{Guid.NewGuid():N}");
        await ArrangeAsync(keys);
        var script = Scripts.All.First(known => known.Name == name);
        var own = name switch
        {
            "pop_next_jobs" => keys.WithLanes(["default"], JobTypes),
            "stop_pool" => keys.WithGroup(["default"], JobTypes),
            _ => keys.Fixed,
        };
        await Redis.ScriptEvaluateAsync(script.Text, own, arguments);
        if (meanwhile) await GoOnAsync(keys);
        for (var i = 1; i < times; i++) await Redis.ScriptEvaluateAsync(script.Text, own, arguments);
        return await DumpAsync(keys);
    }

    /// <summary>A store with a job in every place.</summary>
    private async Task ArrangeAsync(Keys keys)
    {
        await SendAsync(keys, Scripts.PublishTypes, 1, "default", "a", "", 2, "limit", 100);
        await SendAsync(keys, Scripts.Heartbeat, "p", 600_000, 2, "name", "p");
        RedisValue[] running =
        [
            7, .. Job("x1", fields: ["retries", 2]), .. Job("x2", unique: "busy"), .. Job("r1", flags: "r", fields: ["freq", Later]), .. Job("lapsed"), .. Job("poison", fields: ["crashes", 2]),
            .. Job("done", unique: "done"), .. Job("broken"),
        ];
        await SendAsync(keys, Scripts.ScheduleJobs, running);
        await ClaimAsync(keys, "p", 1, 7);
        await SendAsync(keys, Scripts.FinishJobs, "done", 1, "a", 1, 2, "", "[false,\"old\"]", "", "", 1, "log");
        await SendAsync(keys, Scripts.RetryOrFailJob, "broken", 1, 1, 2, "{}", -1, "", "", "", 0);
        await Redis.SortedSetAddAsync(keys.Fixed[0].ToString().Replace("guard", "executing", StringComparison.Ordinal), [new("lapsed", 1), new("poison", 1)]);
        await SendAsync(keys, Scripts.PurgeStalePool, "reaper", "host", 600_000, 1, 3, 1 << 20);
        await SendAsync(keys, Scripts.ScheduleJobs, [5, .. Job("q1"), .. Job("q2", type: "b"), .. Job("later", when: Later), .. Job("held", flags: "h"), .. Job("u1", unique: "key", when: Later)]);
        await SendAsync(keys, Scripts.ScheduleJobs, [1, .. Job("child", parent: "x1")]);
    }

    /// <summary>Others go on: what runs ends well, and what is due is run by another pool.</summary>
    private async Task GoOnAsync(Keys keys)
    {
        foreach (var id in new[] { "x1", "x2", "r1" }) await SendAsync(keys, Scripts.FinishJobs, id, 1, "a", 1, 2, id == "r1" ? 1_800_000_000_000 + Later : "", "", "", "", 0);
        var claimed = await ClaimAsync(keys, "other", 1, 100);
        foreach (var (id, fence) in claimed) await SendAsync(keys, Scripts.FinishJobs, id, fence, id == "q2" ? "b" : "a", 1, 2, id == "r1" ? 1_800_000_000_000 + Later : "", "", "", "", 0);
    }

    private async Task<List<(string Id, int Fence)>> ClaimAsync(Keys keys, string pool, long claim, int wanted)
    {
        var reply = await Redis.ScriptEvaluateAsync(Scripts.PopNextJobs.Text, keys.WithLanes(["default"], JobTypes), [claim, pool, "host", 600_000, wanted, 1 << 20, "", .. JobTypes]);
        return Packed.Claims(reply);
    }

    private Task<RedisResult> SendAsync(Keys keys, Script script, params RedisValue[] arguments) => Redis.ScriptEvaluateAsync(script.Text, keys.Fixed, arguments);

    private static RedisValue[] Job(string id, string type = "a", string unique = "", string flags = "", long when = 0, string? parent = null, RedisValue[]? fields = null) =>
    [
        id, type, "default", 0, "in", when, unique, flags, parent is null ? 0 : 1, .. parent is null ? [] : new RedisValue[] { parent },
        2 + (fields?.Length ?? 0) + (unique == "" ? 0 : 2), "data", id, .. unique == "" ? [] : new RedisValue[] { "unique", unique }, .. fields ?? [],
    ];

    /// <summary>All that is in a namespace, times and turns aside.</summary>
    private async Task<string> DumpAsync(Keys keys)
    {
        var lines = (string[])(await Redis.ScriptEvaluateAsync("""
            local lines = {}
            local function add(...) lines[#lines + 1] = table.concat({...}, ' ') end
            for _, key in ipairs(redis.call('KEYS', KEYS[1] .. '*')) do
              local name, kind = string.sub(key, #KEYS[1] + 1), redis.call('TYPE', key).ok
              if name == 'seq' then
              elseif kind == 'string' then add(name, redis.call('GET', key))
              elseif kind == 'list' then for i, value in ipairs(redis.call('LRANGE', key, 0, -1)) do add(name, i, value) end
              elseif kind == 'set' then for _, value in ipairs(redis.call('SMEMBERS', key)) do add(name, value) end
              else
                local pairs_of = kind == 'hash' and redis.call('HGETALL', key) or redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
                for i = 1, #pairs_of, 2 do add(name, pairs_of[i], pairs_of[i + 1]) end
              end
            end
            return lines
            """, [keys.Fixed[0].ToString()[..^"guard".Length]]))!;
        return string.Join('\n', lines.Select(line => TimePattern().Replace(line, "T")).Where(line => !line.StartsWith("minute:", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\b1[6789]\d{11}\b")]
    private static partial Regex TimePattern();
}
