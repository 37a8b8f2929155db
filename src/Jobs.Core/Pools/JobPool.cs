using System.Threading.Channels;

namespace Jobs.Core;

/// <summary>Claims jobs of its queues and types and runs them: the third door a C# user comes through.</summary>
public sealed class JobPool : IAsyncDisposable
{
    /// <summary>Makes a pool; it does nothing before <see cref="StartAsync"/>.</summary>
    /// <exception cref="JobsException">JobTypeNotFound, InvalidName, ValueOutOfRange, DurationOutOfRange.</exception>
    public JobPool(JobStore store, JobTypeRegistry types, PoolOptions? options = null, TimeProvider? time = null) => throw new NotImplementedException();

    /// <summary>New for each pool.</summary>
    public string Id => throw new NotImplementedException();

    /// <summary>How it stands now.</summary>
    public PoolInfo Info => throw new NotImplementedException();

    /// <summary>Each job as an attempt of it ends for good in this pool (finished, failed, cancelled or a recurring job's run), after the store has it. Bounded: with no reader the oldest give way.</summary>
    public ChannelReader<ScheduledJob> Ended => throw new NotImplementedException();

    /// <summary>What the pool has to say beside its jobs' outcomes: lost leases, a store out of reach, replaced workers. May be called from any thread.</summary>
    public event Action<PoolEvent>? Event { add => throw new NotImplementedException(); remove => throw new NotImplementedException(); }

    /// <summary>Ends when the pool has.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Makes itself known in the store and begins.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Claims no more, gives claimed jobs that have not begun back, and waits for running ones.</summary>
    /// <param name="grace">How long they may go on before they are stopped and requeued; null: the options' ShutdownTimeout; zero: at once. A second call may shorten it.</param>
    /// <param name="cancellationToken">Cancels the wait, not the stop.</param>
    public Task StopAsync(TimeSpan? grace = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Stops at once and waits.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>How much a pool's event matters.</summary>
public enum PoolEventLevel
{
    /// <summary>Claims, starts, ends.</summary>
    Verbose,
    /// <summary>Something a person should know.</summary>
    Warning,
}

/// <summary>Something a pool has to say.</summary>
public sealed record PoolEvent(PoolEventLevel Level, string Message, string? JobId = null);
