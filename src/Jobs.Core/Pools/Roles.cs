using System.Diagnostics.CodeAnalysis;

namespace Jobs.Core.Pools;

/// <summary>
/// Runs the roles of a pool. A role comes to an end when it is told to, or when its work is done; one that breaks is told of with its name, since a
/// pool that lacks a role would only look alive.
/// </summary>
internal sealed class Roles(Action<string, Exception> broke)
{
    private readonly List<Task> _running = [];

    /// <summary>Ends when all have.</summary>
    public Task Completion => Task.WhenAll(_running);

    /// <summary>Starts a role. The task ends with it, and fails where it breaks.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever breaks a role breaks its pool; it is told, and thrown on.")]
    public Task Start(string name, Func<CancellationToken, Task> role, CancellationToken stop)
    {
        var running = Task.Run(async () =>
        {
            try
            {
                await role(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e)
            {
                broke(name, e);
                throw;
            }
        }, CancellationToken.None);
        _running.Add(running);
        return running;
    }
}
