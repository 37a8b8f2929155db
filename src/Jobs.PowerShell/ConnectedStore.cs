using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>An open store and the client on it.</summary>
/// <param name="store">The store.</param>
/// <param name="client">The client.</param>
/// <param name="options">How it was opened: what another process needs to open it too.</param>
/// <param name="localDataPath">The data path of a local server's store; null for any other.</param>
internal sealed class ConnectedStore(JobStore store, JobClient client, StoreOptions options, string? localDataPath)
{
    public JobStore Store { get; } = store;

    public JobClient Client { get; } = client;

    public StoreOptions Options { get; } = options;

    public string? LocalDataPath { get; } = localDataPath;

    public void Close()
    {
        try
        {
            Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (JobsException)
        {
            // A connection that breaks while it is closed is closed.
        }
    }
}
