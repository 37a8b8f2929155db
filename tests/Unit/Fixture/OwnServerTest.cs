namespace Jobs.Tests;

/// <summary>A test on a Redis of its own.</summary>
/// <param name="options">The server's options.</param>
public abstract class OwnServerTest(params string[] options) : StoreTest
{
    protected RedisProcess Server { get; } = new(options);

    protected override string Configuration => Server.Configuration;

    public override async ValueTask InitializeAsync()
    {
        await Server.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Server.Dispose();
        GC.SuppressFinalize(this);
    }
}
