using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using System.Diagnostics;

namespace Jobs.Bench.Servers;

/// <summary>A long way to a server: a proxy on a loopback port that hands on all it gets, each way so much later, and as much of it at once as there is.</summary>
internal sealed class SlowLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;

    /// <param name="port">The server's port, on loopback.</param>
    /// <param name="delay">How much later each way.</param>
    public SlowLink(int port, TimeSpan delay)
    {
        (_port, _delay) = (port, delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using (near)
        using (var far = new TcpClient { NoDelay = true })
        {
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
            // Whichever side closes first, the other hears of it.
            await Task.WhenAny(CarryAsync(near.GetStream(), far.GetStream()), CarryAsync(far.GetStream(), near.GetStream()));
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var underWay = Channel.CreateUnbounded<(byte[] Bytes, int Length, long Read)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var delivering = DeliverAsync(underWay.Reader, to);
        try
        {
            while (true)
            {
                var bytes = ArrayPool<byte>.Shared.Rent(64 * 1024);
                var length = await from.ReadAsync(bytes, _stop.Token);
                if (length == 0) break;
                underWay.Writer.TryWrite((bytes, length, Stopwatch.GetTimestamp()));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone.
        }
        underWay.Writer.Complete();
        await delivering;
    }

    private async Task DeliverAsync(ChannelReader<(byte[] Bytes, int Length, long Read)> underWay, NetworkStream to)
    {
        try
        {
            await foreach (var (bytes, length, read) in underWay.ReadAllAsync(_stop.Token))
            {
                var left = _delay - Stopwatch.GetElapsedTime(read);
                if (left > TimeSpan.Zero) await Task.Delay(left, _stop.Token);
                await to.WriteAsync(bytes.AsMemory(0, length), _stop.Token);
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone.
        }
    }
}
