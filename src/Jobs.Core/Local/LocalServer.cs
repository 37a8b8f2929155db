namespace Jobs.Core;

/// <summary>A private server for one machine: one per data path, bound to loopback, with a random password.</summary>
public static class LocalServer
{
    /// <summary>A <c>Jobs</c> folder in the user's local application data.</summary>
    public static string DefaultDataPath => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "Jobs");

    /// <summary>Attaches to the server of the data path, starting it when it does not run. It outlives the process.</summary>
    /// <exception cref="JobsException">LocalServerNotFound, LocalServerFailed.</exception>
    public static Task<StoreOptions> StartAsync(string? dataPath = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Ends the server of the data path, if it runs, keeping its data. False when it did not run.</summary>
    public static Task<bool> ShutdownAsync(string? dataPath = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
