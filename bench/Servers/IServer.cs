namespace Jobs.Bench.Servers;

/// <summary>What keeps the jobs of a contender.</summary>
internal interface IServer
{
    /// <summary>What it is and how it is set, for the report.</summary>
    string Description { get; }

    /// <summary>host:port.</summary>
    string Address { get; }

    /// <summary>Its port, on loopback.</summary>
    int Port { get; }

    /// <summary>The processor time of all its processes so far.</summary>
    TimeSpan ProcessorTime { get; }

    /// <summary>Removes what earlier measurements left.</summary>
    Task ClearAsync();
}
