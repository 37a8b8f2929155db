using System.Globalization;
using CsCheck;
using Jobs.Core.Redis;
using Jobs.Tests.Faults;
using StackExchange.Redis;

namespace Jobs.Tests.Model;

/// <summary>
/// Random sequences of operations on a real Redis, held against the state machine in memory: after each step every job is in exactly one place, the
/// one the model says, and all counters, lanes and unique keys agree. A failure prints the seed that repeats it (CsCheck_Seed).
/// </summary>
public sealed class ModelTests(RedisFixture redis) : StoreTest(redis)
{
    private enum Do
    {
        Schedule,
        Claim,
        ClaimAgain,
        Finish,
        Fail,
        Release,
        Cancel,
        Hold,
        Resume,
        Reschedule,
        Restart,
        Destroy,
        SetPriority,
        Pass,
        Lapse,
        Heartbeat,
    }

    private sealed record Step(Do What, int Slot, int A, int B)
    {
        public override string ToString() => $"{What}({Slot}, {A}, {B})";
    }

    private static Gen<Step[]> Steps { get; } = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Do.Schedule)), (6, Gen.Const(Do.Claim)), (1, Gen.Const(Do.ClaimAgain)), (4, Gen.Const(Do.Finish)), (4, Gen.Const(Do.Fail)),
            (2, Gen.Const(Do.Release)), (2, Gen.Const(Do.Cancel)), (2, Gen.Const(Do.Hold)), (2, Gen.Const(Do.Resume)), (2, Gen.Const(Do.Reschedule)),
            (2, Gen.Const(Do.Restart)), (1, Gen.Const(Do.Destroy)), (1, Gen.Const(Do.SetPriority)), (2, Gen.Const(Do.Pass)), (3, Gen.Const(Do.Lapse)),
            (1, Gen.Const(Do.Heartbeat))),
        Gen.Int[0, 5], Gen.Int[0, 999], Gen.Int[0, 999], (what, slot, a, b) => new Step(what, slot, a, b)).Array[5, 40];

    public static bool IsOff => Environment.GetEnvironmentVariable("JOBS_CHAOS") != "1";

    [Fact]
    public void The_store_keeps_to_its_state_machine() => Sample(300);

    [Fact(Skip = "Takes minutes: ./build.sh Chaos", SkipWhen = nameof(IsOff))]
    [Trait("Category", "Chaos")]
    public void The_store_keeps_to_its_state_machine_ten_thousand_times() => Sample(10_000);

    private void Sample(int sequences) => Steps.Sample(Run, iter: sequences, threads: 2, print: steps => string.Join("; ", (object[])steps));

    private void Run(Step[] steps)
    {
        var sequence = new Sequence(Redis);
        try
        {
            foreach (var step in steps) sequence.Take(step);
        }
        finally
        {
            sequence.Clear();
        }
    }

    /// <summary>One sequence, in a namespace of its own.</summary>
    private sealed class Sequence(IDatabase redis)
    {
        private const long Later = 3_600_000;
        private static readonly string[] JobTypes = ["a", "b"];

        private readonly string _namespace = "model-" + Guid.NewGuid().ToString("N");
        private readonly ModelStore _model = new();
        private readonly List<(string Id, int Fence)> _tokens = [];
        private IReadOnlyList<(string Id, int Fence)> _lastClaim = [];
        private Keys? _keys;
        private int _claim;

        private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        private Keys Keys => _keys ??= new Keys(_namespace);

        public void Take(Step step)
        {
            var id = $"j{step.Slot}";
            switch (step.What)
            {
                case Do.Schedule:
                    Schedule(id, step.A, step.B);
                    break;
                case Do.Claim:
                    _lastClaim = [.. _model.Claim(1 + step.A % 3).Select(job => (job.Id, job.Fence))];
                    _tokens.AddRange(_lastClaim);
                    _claim++;
                    Assert.Equal(_lastClaim, Claim(1 + step.A % 3));
                    break;
                case Do.ClaimAgain:
                    if (_lastClaim.Count == 0) return; // an answer without jobs is not kept: asked again it is asked anew
                    _model.Claim(0); // due jobs move all the same
                    Assert.Equal(_lastClaim.Where(token => _model.Find(token.Id) is { Status: "executing" } job && job.Fence == token.Fence), Claim(1));
                    break;
                case Do.Finish or Do.Fail or Do.Release:
                    if (_tokens.Count > 0) End(_tokens[step.A % _tokens.Count], step.What);
                    break;
                case Do.Cancel:
                    Same(_model.Cancel(id), Send(Scripts.SetJobStatus, "cancelled", "", id));
                    break;
                case Do.Hold:
                    Same(_model.Hold(id), Send(Scripts.SetJobStatus, "saved", "", id));
                    break;
                case Do.Resume:
                    Same(_model.Resume(id), Send(Scripts.AddJobToSet, "resume", "", id));
                    break;
                case Do.Reschedule:
                    Same(_model.Reschedule(id, step.A % 2 == 0), Send(Scripts.SetJobField, Guid.NewGuid().ToString(), "in", step.A % 2 == 0 ? Later : 0, "", 0, id));
                    break;
                case Do.Restart:
                    Same(_model.Restart(id), Send(Scripts.AddJobToSet, "restart", Guid.NewGuid().ToString(), id));
                    break;
                case Do.Destroy:
                    Same(_model.Destroy(id, step.A % 2 == 0), Send(Scripts.DestroyJob, step.A % 2 == 0 ? 1 : 0, id));
                    break;
                case Do.SetPriority:
                    Same(_model.SetPriority(id, step.A % 5), Send(Scripts.SetJobField, Guid.NewGuid().ToString(), "", 0, "", 2, "priority", step.A % 5, id));
                    break;
                case Do.Pass:
                    Pass();
                    break;
                case Do.Lapse:
                    Lapse(step.A);
                    break;
                case Do.Heartbeat:
                    Heartbeat();
                    break;
            }
            Compare(step);
        }

        public void Clear()
        {
            redis.ScriptEvaluate("for _, key in ipairs(redis.call('KEYS', KEYS[1])) do redis.call('DEL', key) end", [$"{{{_namespace}}}:*"]);
        }

        private void Schedule(string id, int a, int b)
        {
            bool later = a % 3 == 0, hold = a % 7 == 0, recurs = a % 4 == 1, any = b % 2 == 0;
            var type = JobTypes[a % 2];
            var unique = b % 3 == 0 ? $"k{b % 2}" : null;
            var parent = b % 4 == 0 && $"j{b % 6}" is var other && other != id && _model.Find(other) is not null ? other : null;
            var retries = b % 3;
            var expected = _model.Schedule(id, type, b % 5, later, hold, recurs, retries, unique, parent, any);

            var fields = new List<RedisValue>();
            if (retries > 0) fields.AddRange(["retries", retries]);
            if (unique is not null) fields.AddRange(["unique", unique]);
            if (parent is not null) fields.AddRange(["after", parent]);
            if (parent is not null && any) fields.AddRange(["afterAny", 1]);
            RedisValue[] arguments =
            [
                1, id, type, "default", b % 5, "in", later ? Later : 0, unique ?? "", (hold ? "h" : "") + (any ? "a" : "") + (recurs ? "r" : ""),
                parent is null ? 0 : 1, .. parent is null ? [] : new RedisValue[] { parent }, fields.Count, .. fields,
            ];
            var reply = (RedisResult[])Send(Scripts.ScheduleJobs, arguments)!;
            Assert.Equal(expected, (string?)reply[1] is "" ? "queued" : (string?)reply[2] == id ? (string?)reply[1] : (string?)reply[2]);
        }

        private List<(string, int)> Claim(int wanted)
        {
            return Packed.Claims(redis.ScriptEvaluate(Scripts.PopNextJobs.Text, Keys.WithLanes(["default"], JobTypes), [_claim, "pool", "host", 600_000, wanted, 1 << 20, "", .. JobTypes]));
        }

        private void End((string Id, int Fence) token, Do how)
        {
            RedisValue next = _model.Find(token.Id)?.Recurs == true ? Now + Later : "";
            var (outcome, reply) = how switch
            {
                Do.Finish => ("finished", Send(Scripts.FinishJobs, token.Id, token.Fence, _model.Find(token.Id)?.Type ?? "a", Now, Now, next, "", "", "", 0)),
                Do.Fail => ("failed", Send(Scripts.RetryOrFailJob, token.Id, token.Fence, Now, Now, "{}", 0, next, "", "", 0)),
                _ => ("released", Send(Scripts.ReleaseJobs, token.Id, token.Fence, "", "", "", "", 0)),
            };
            Same(_model.End(token.Id, token.Fence, outcome), reply);
        }

        private void Pass()
        {
            _model.Pass();
            redis.ScriptEvaluate("""
                for _, id in ipairs(redis.call('ZRANGE', KEYS[1] .. 'scheduled', 0, -1)) do
                  redis.call('ZADD', KEYS[1] .. 'scheduled', 1000, id)
                  redis.call('HSET', KEYS[1] .. 'job:' .. id, 'time', 1000)
                end
                """, [$"{{{_namespace}}}:"]);
        }

        /// <summary>Pools die: the leases of some jobs end, and another pool reaps and fails those that crashed too often.</summary>
        private void Lapse(int which)
        {
            var lapsed = _model.Jobs.Where((job, i) => job.Status == "executing" && (which >> i & 1) == 0).Select(job => job.Id).ToList();
            foreach (var id in lapsed) redis.SortedSetAdd($"{{{_namespace}}}:executing", id, 1);
            var poison = _model.Lapse(lapsed);
            var reply = (RedisResult[])Send(Scripts.PurgeStalePool, "reaper", "host", 600_000, 100, ModelStore.CrashesThatFail, 1 << 20)!;
            Assert.Equal(lapsed.Count, (int)reply[1]);
            Assert.Equal(poison.Select(job => (job.Id, job.Fence)).Order(), Packed.Claims(RedisResult.Create(reply)).Order());
            foreach (var job in poison)
            {
                RedisValue next = job.Recurs ? Now + Later : "";
                Same(_model.End(job.Id, job.Fence, "refused"), Send(Scripts.RetryOrFailJob, job.Id, job.Fence, Now, Now, "{}", -1, next, "", "", 0));
            }
        }

        private void Heartbeat()
        {
            var reply = (RedisResult[])Send(Scripts.Heartbeat, ["pool", 600_000, 0, .. _tokens.SelectMany(token => new RedisValue[] { token.Id, token.Fence })])!;
            bool Holds((string Id, int Fence) token) => _model.Find(token.Id) is { Status: "executing" } job && job.Fence == token.Fence;
            Assert.Equal(_tokens.Where(token => !Holds(token)).Select(token => token.Id), (string[])reply[3]!);
            Assert.Equal(_tokens.Where(token => Holds(token) && _model.Find(token.Id)!.Cancel).Select(token => token.Id), (string[])reply[4]!);
        }

        private void Compare(Step step)
        {
            Assert.Empty(new StoreAudit(redis, _namespace).Check());
            Assert.Equal(_model.Jobs.Count, redis.SortedSetLength($"{{{_namespace}}}:jobs"));
            foreach (var job in _model.Jobs)
            {
                string? Field(string name) => Packed.Get(redis, $"{{{_namespace}}}:job:{job.Id}", name);
                int Number(string name) => int.Parse(Field(name) ?? "0", CultureInfo.InvariantCulture);
                var stored = new ModelJob { Id = job.Id, Type = job.Type, Seq = job.Seq, Status = Field("status")!, Fence = Number("fence"), Base = Number("base"), Retried = Number("retried"), Crashes = Number("crashes"), Priority = Number("priority") };
                Assert.True(stored.ToString() == job.ToString(), $"after {step}, {job.Id} is {stored}; it should be {job}");
            }
        }

        private RedisResult Send(Script script, params RedisValue[] arguments) => redis.ScriptEvaluate(script.Text, Keys.Fixed, arguments);

        private static void Same(string expected, RedisResult reply) => Assert.Equal(expected, (string?)((RedisResult[])reply!)[0]);
    }
}
