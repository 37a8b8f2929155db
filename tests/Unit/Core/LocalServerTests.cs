using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class LocalServerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_private_server_per_data_path_keeps_its_jobs()
    {
        var options = await Task.WhenAll(LocalServer.StartAsync(_folder.Path), LocalServer.StartAsync(_folder.Path));
        Assert.Equal(options[0], options[1]);
        string id;
        await using (var store = await JobStore.ConnectAsync(options[0]))
        {
            var info = await store.GetInfoAsync();
            Assert.Equal((true, "always", null), (info.AppendOnly, info.Fsync, info.Warning));
            id = (await new JobClient(store, new JobTypeRegistry()).ScheduleAsync(new JobRequest { Type = "a" })).Id;
        }
        await Assert.ThrowsAsync<JobsException>(() => JobStore.ConnectAsync(options[0] with { Password = null }));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "redis.conf")));

        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
        Assert.False(await LocalServer.ShutdownAsync(_folder.Path));
        await using (var store = await JobStore.ConnectAsync(await LocalServer.StartAsync(_folder.Path)))
            Assert.Equal("a", (await new JobClient(store, new JobTypeRegistry()).GetAsync(id)).Type);
        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
    }
}
