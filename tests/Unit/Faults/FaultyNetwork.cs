using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Jobs.Tests.Faults;

/// <summary>
/// A network between a pool and its Redis that can be cut and slowed, each way. What is sent into a cut is not lost at once: as with TCP it arrives
/// when the network is back, late and perhaps unwanted.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "The source has no timer; its token is still read by connections that end.")]
public sealed class FaultyNetwork : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _connections = [];
    private readonly int _target;
    private volatile TaskCompletionSource? _toStoreCut;
    private volatile TaskCompletionSource? _fromStoreCut;
    private long _toStoreFree;
    private long _fromStoreFree;

    public FaultyNetwork(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What each piece of data takes on its way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many bytes pass in a second each way, for all connections together; null: as many as come.</summary>
    public int? BytesPerSecond { get; set; }

    public void Cut(bool toStore = true, bool fromStore = true)
    {
        if (toStore) _toStoreCut ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (fromStore) _fromStoreCut ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Restore()
    {
        var (to, from) = (_toStoreCut, _fromStoreCut);
        (_toStoreCut, _fromStoreCut) = (null, null);
        to?.SetResult();
        from?.SetResult();
    }

    public void Dispose()
    {
        if (_end.IsCancellationRequested) return;
        _end.Cancel();
        Restore();
        _listener.Stop();
        lock (_gate) _connections.ForEach(connection => connection.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the network is gone for good
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var store = new TcpClient();
        lock (_gate) _connections.AddRange([client, store]);
        try
        {
            await store.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            await Task.WhenAny(
                PumpAsync(client, store, () => _toStoreCut, read => Pass(ref _toStoreFree, read)),
                PumpAsync(store, client, () => _fromStoreCut, read => Pass(ref _fromStoreFree, read)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the other end is not there
        }
        // What was sent before a connection is closed arrives all the same.
        if (_toStoreCut is { } cut) await cut.Task;
        client.Dispose();
        store.Dispose();
        lock (_gate) _connections.RemoveAll(connection => connection == client || connection == store);
    }

    /// <summary>How long so many bytes must wait for those before them, and for themselves, in ms.</summary>
    private double Pass(ref long free, int bytes)
    {
        if (BytesPerSecond is not { } speed) return 0;
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            free = Math.Max(free, now) + bytes * Stopwatch.Frequency / speed;
            return (free - now) * 1000.0 / Stopwatch.Frequency;
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<TaskCompletionSource?> cut, Func<int, double> pass)
    {
        var buffer = new byte[16 * 1024];
        // A slow link shows soon, not when the buffers of the system are full.
        from.ReceiveBufferSize = 16 * buffer.Length;
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is var read and > 0)
            {
                while (cut() is { } closed) await closed.Task;
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, _end.Token);
                if (pass(read) is > 1 and var wait) await Task.Delay(TimeSpan.FromMilliseconds(wait), _end.Token);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // closed
        }
    }
}
