using System.Globalization;
using Jobs.Core.Redis;
using StackExchange.Redis;

namespace Jobs.Core.Pools;

/// <summary>Hears of work and of what users ask, at once; polling and heartbeats are the net beneath it.</summary>
internal sealed class Waker(PoolContext pool, HeldRuns held, Claimer claimer, Action<TimeSpan?> stopAsked)
{
    private ChannelMessageQueue? _own;
    private ChannelMessageQueue? _wake;
    private ChannelMessageQueue? _control;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _own = await SubscribeAsync(pool.Store.Keys.WakeChannelOf(pool.Id), cancellationToken).ConfigureAwait(false);
        _wake = await SubscribeAsync(pool.Store.Keys.WakeChannel, cancellationToken).ConfigureAwait(false);
        _control = await SubscribeAsync(pool.Store.Keys.ControlChannel, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Hears of work that this pool was chosen for.</summary>
    public async Task ListenAsync(CancellationToken stop)
    {
        await foreach (var message in _own!.WithCancellation(stop).ConfigureAwait(false))
        {
            var text = message.Message.ToString();
            if (text.StartsWith('@') && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var due)) claimer.DueAt(JobHash.Instant(due));
            else claimer.Wake(text);
        }
    }

    /// <summary>Hears of work that all pools are told of.</summary>
    public async Task OverhearAsync(CancellationToken stop)
    {
        await foreach (var message in _wake!.WithCancellation(stop).ConfigureAwait(false))
        {
            if (pool.Types.Names.Concerns(message.Message.ToString())) claimer.Wake();
        }
    }

    /// <summary>Hears of what users ask.</summary>
    public async Task ObeyAsync(CancellationToken stop)
    {
        await foreach (var message in _control!.WithCancellation(stop).ConfigureAwait(false)) Obey(message.Message.ToString().Split(' '));
    }

    /// <summary>Hears of no more work: from now on others are chosen. A store that does not answer is waited for so long.</summary>
    public Task StopListeningAsync(TimeSpan patience) => UnsubscribeAsync(patience, _own, _wake);

    /// <summary>Hears no more. A store that does not answer is waited for so long.</summary>
    public Task StopAsync(TimeSpan patience) => UnsubscribeAsync(patience, _own, _wake, _control);

    private Task<ChannelMessageQueue> SubscribeAsync(RedisChannel channel, CancellationToken cancellationToken) =>
        pool.Store.PersistAsync(() => pool.Store.Subscriber.SubscribeAsync(channel), cancellationToken);

    private async Task UnsubscribeAsync(TimeSpan patience, params ChannelMessageQueue?[] queues)
    {
        try
        {
            await Task.WhenAll(queues.Select(queue => queue?.UnsubscribeAsync() ?? Task.CompletedTask)).WaitAsync(patience, pool.Time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The connection is gone, and the subscription with it.
        }
    }

    private void Obey(string[] words)
    {
        switch (words)
        {
            case ["cancel", var id]:
                held.Stop(id, StopReason.Cancelled);
                break;
            case ["lost", var id]:
                held.Stop(id, StopReason.LeaseLost);
                break;
            case ["stop", var id, var grace] when id == pool.Id:
                stopAsked(Heartbeat.Grace(grace));
                break;
        }
    }
}
