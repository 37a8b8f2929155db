namespace Jobs.Core;

/// <summary>An open connection to a job store: the first door a C# user comes through.</summary>
public sealed class JobStore : IAsyncDisposable
{
    /// <summary>Connects and checks that the store can be used.</summary>
    /// <exception cref="JobsException">StoreUnreachable, StoreAuthenticationFailed, StorePermissionDenied, InvalidConfiguration, InvalidName.</exception>
    public static Task<JobStore> ConnectAsync(StoreOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>host:port, never with a password.</summary>
    public string Endpoint => throw new NotImplementedException();

    /// <summary>Prefix of all keys.</summary>
    public string Namespace => throw new NotImplementedException();

    /// <summary>Database number.</summary>
    public int Database => throw new NotImplementedException();

    /// <summary>Asks the server about itself.</summary>
    public Task<StoreInfo> GetInfoAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
