using Jobs.Core.Redis;
using Microsoft.Extensions.Time.Testing;

namespace Jobs.Tests.Core;

public sealed class AvailabilityTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Finding_37_the_first_answer_after_a_failure_wakes_all_who_wait()
    {
        var store = new Availability(_time);
        store.Failed();
        Task[] waiting = [store.PauseAsync(TimeSpan.FromHours(1), CancellationToken.None), store.PauseAsync(TimeSpan.FromHours(2), CancellationToken.None)];
        Assert.All(waiting, wait => Assert.False(wait.IsCompleted));
        store.Answered();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void An_answer_while_nothing_is_wrong_wakes_nobody()
    {
        var store = new Availability(_time);
        var waiting = store.PauseAsync(TimeSpan.FromHours(1), CancellationToken.None);
        store.Answered();
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task A_pause_ends_with_its_time_or_when_cancelled()
    {
        var store = new Availability(_time);
        using var cancel = new CancellationTokenSource();
        var (timed, cancelled) = (store.PauseAsync(TimeSpan.FromSeconds(2), CancellationToken.None), store.PauseAsync(TimeSpan.FromHours(1), cancel.Token));
        _time.Advance(TimeSpan.FromSeconds(2));
        await timed.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(cancelled.IsCompleted);
        await cancel.CancelAsync();
        await cancelled.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
