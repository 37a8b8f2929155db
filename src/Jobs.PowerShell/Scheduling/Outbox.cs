namespace Jobs.PowerShell.Scheduling;

/// <summary>
/// Sends pipeline objects to the store: those that come fast together, those that come slowly at once. While the pipeline waits for more, which may be for
/// ever, what has come goes by itself; the answer is kept until the cmdlet, whose thread is its pipeline's, can take it.
/// </summary>
/// <param name="size">The most that is sent together.</param>
/// <param name="send">Sends; from any thread, one at a time. Never throws but through its task.</param>
/// <param name="goesOn">Whether an answer does not end the cmdlet, so that more may be sent behind it.</param>
/// <param name="stopping">Fires when nothing more is to be sent.</param>
internal sealed class Outbox<T, TAnswer>(int size, Func<List<T>, Task<TAnswer>> send, Func<TAnswer, bool> goesOn, CancellationToken stopping) : IDisposable
{
    private static readonly TimeSpan LongestStay = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Batch<T> _batch = new(size);
    private readonly Queue<(List<T> Items, Task<TAnswer> Answer)> _sent = new();
    private Timer? _late;
    private bool _isDisposed;

    public bool IsFull
    {
        get
        {
            lock (_gate) return _batch.IsFull;
        }
    }

    /// <summary>Adds an item; true: it is time to send.</summary>
    public bool Add(T item)
    {
        lock (_gate)
        {
            var isTime = _batch.Add(item);
            if (!isTime && _batch.Items.Count == 1) Wait();
            return isTime;
        }
    }

    /// <summary>Sends what has come.</summary>
    public void Send()
    {
        lock (_gate)
        {
            if (_batch.Items.Count == 0) return;
            var items = _batch.Take();
            _sent.Enqueue((items, send(items)));
        }
    }

    /// <summary>Takes what was sent, in that order, with the answer to come.</summary>
    public bool TryTake(out (List<T> Items, Task<TAnswer> Answer) sent)
    {
        lock (_gate) return _sent.TryDequeue(out sent);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _late?.Dispose();
        }
    }

    private void Wait()
    {
        _late ??= new Timer(static outbox => ((Outbox<T, TAnswer>)outbox!).SendLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _late.Change(LongestStay, Timeout.InfiniteTimeSpan);
    }

    private void SendLate()
    {
        lock (_gate)
        {
            if (_isDisposed || stopping.IsCancellationRequested) return;
            // In their order, and not behind a failure that ends the cmdlet.
            if (_sent.Any(sent => !sent.Answer.IsCompleted)) Wait();
            else if (_sent.All(sent => sent.Answer.IsCompletedSuccessfully && goesOn(sent.Answer.Result))) Send();
        }
    }
}
