using Jobs.Core;
using Jobs.Core.Pools;

namespace Jobs.Tests.Core;

/// <summary>What a pool holds, seen alone: races that a whole pool meets once in a thousand times.</summary>
public sealed class HeldRunsTests(RedisFixture redis) : StoreTest(redis)
{
    [Fact]
    public async Task A_cancel_that_overtakes_the_reply_to_the_claim_stops_the_run()
    {
        var (held, run) = Claimed(await ScheduleAsync("a"));
        held.Stop(run.Job.Id, StopReason.Cancelled);
        held.Add(run);
        Assert.Equal(StopReason.Cancelled, run.StopReason);
    }

    [Fact]
    public async Task A_cancel_of_an_earlier_run_does_not_stop_a_later_one()
    {
        var job = await ScheduleAsync("a");
        var (held, _) = Claimed(job);
        held.Stop(job.Id, StopReason.Cancelled);
        var later = Run(Context(), job);
        held.Add(later);
        Assert.Equal(StopReason.None, later.StopReason);
    }

    private (HeldRuns Held, JobRun Run) Claimed(ScheduledJob job)
    {
        var pool = Context();
        return (new HeldRuns(pool), Run(pool, job));
    }

    private PoolContext Context()
    {
        Types.Register(new JobType { Name = "any" }, replace: true);
        var options = new PoolOptions();
        return new PoolContext(Store.Connection, options, new ServedTypes(Types, options, Store.Connection), _ => { });
    }

    private static JobRun Run(PoolContext pool, ScheduledJob job) => new(pool, new NoKeeper(), job, new JobType { Name = job.Type }, pool.Time.GetTimestamp());

    private sealed class NoKeeper : IRunKeeper
    {
        public void Began(JobRun run) { }

        public void Recorded(JobRun run) { }

        public void Over(JobRun run, RunOutcome outcome, bool began) { }

        public void Abandoned(JobRun run) { }
    }
}
