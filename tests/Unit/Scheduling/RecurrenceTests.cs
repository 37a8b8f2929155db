using Jobs.Core;
using Jobs.Core.Scheduling;

namespace Jobs.Tests.Scheduling;

public sealed class RecurrenceTests
{
    private static readonly DateTimeOffset First = DateTimeOffset.FromUnixTimeMilliseconds(1_750_000_000_123);

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(60_000)]
    [InlineData(86_400_000)]
    public void A_rhythm_does_not_drift_over_10_000_steps(int everyMs)
    {
        var recurrence = new EveryRecurrence(TimeSpan.FromMilliseconds(everyMs));
        var random = new Random(1);
        var time = First;
        // Each run ends somewhat after its time, at most a step later.
        for (var i = 0; i < 10_000; i++) time = recurrence.NextAfterRun(time, time.AddMilliseconds(random.NextDouble() * everyMs * 0.999), MissedPolicy.Skip);
        Assert.Equal(First.AddMilliseconds(10_000L * everyMs), time);
    }

    [Fact]
    public void A_run_longer_than_the_rhythm_goes_on_at_the_next_regular_time()
    {
        var recurrence = new EveryRecurrence(TimeSpan.FromMinutes(1));
        Assert.Equal(First.AddMinutes(4), recurrence.NextAfterRun(First, First.AddMinutes(3.2), MissedPolicy.Skip));
        Assert.Equal(First.AddMinutes(4), recurrence.NextAfterRun(First, First.AddMinutes(3.2), MissedPolicy.RunOnce));
        Assert.Equal(First.AddMinutes(1), recurrence.NextAfterRun(First, First.AddMinutes(3.2), MissedPolicy.RunAll));
        Assert.Equal(First.AddMinutes(4), recurrence.NextAfterRun(First, First.AddMinutes(3), MissedPolicy.Skip));
    }

    [Fact]
    public void A_run_that_ended_early_by_another_clock_does_not_repeat_its_time()
    {
        foreach (var recurrence in (Recurrence[])[new EveryRecurrence(TimeSpan.FromMinutes(1)), CronRecurrence.Parse("* * * * *", "UTC")])
        {
            var time = new DateTimeOffset(2025, 5, 5, 5, 5, 0, TimeSpan.Zero);
            Assert.Equal(time.AddMinutes(1), recurrence.NextAfterRun(time, time.AddSeconds(-20), MissedPolicy.Skip));
        }
    }

    [Fact]
    public void A_time_is_missed_when_a_later_one_has_come()
    {
        var recurrence = CronRecurrence.Parse("0 * * * *", "UTC");
        var time = new DateTimeOffset(2025, 5, 5, 5, 0, 0, TimeSpan.Zero);
        Assert.False(recurrence.IsMissed(time, time.AddMinutes(59)));
        Assert.True(recurrence.IsMissed(time, time.AddMinutes(60)));
    }

    [Theory]
    [InlineData(BackoffKind.Fixed, 1, 0, 2)]
    [InlineData(BackoffKind.Fixed, 9, 0, 2)]
    [InlineData(BackoffKind.Exponential, 1, 0, 2)]
    [InlineData(BackoffKind.Exponential, 2, 0, 4)]
    [InlineData(BackoffKind.Exponential, 5, 0, 32)]
    [InlineData(BackoffKind.Exponential, 5, 1, 38.4)]
    [InlineData(BackoffKind.Exponential, 6, 0, 60)]
    [InlineData(BackoffKind.Exponential, 1_000_000, 1, 60)]
    public void A_retry_waits_as_its_backoff_says(BackoffKind kind, int retry, double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Delay(kind, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), retry, random));
}
