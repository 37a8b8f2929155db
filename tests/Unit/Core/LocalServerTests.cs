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

    [Fact]
    public async Task Finding_32_A_data_path_keeps_its_port_and_pools_go_on_after_a_restart()
    {
        var options = await LocalServer.StartAsync(_folder.Path);
        await using var store = await JobStore.ConnectAsync(options);
        var types = new JobTypeRegistry();
        types.Register(new JobType { Name = "a", Handler = (_, _) => Task.FromResult<JobOutput?>(null) });
        var client = new JobClient(store, types);
        await using var pool = new JobPool(store, types);
        await pool.StartAsync();
        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
        Assert.Equal(options, await LocalServer.StartAsync(_folder.Path));
        // Also where the connection has not come back yet.
        Assert.Equal(store.Endpoint, (await store.GetInfoAsync()).Endpoint);
        var job = await client.ScheduleAsync(new JobRequest { Type = "a" });
        await Wait.UntilAsync(async () => (await client.GetAsync(job.Id)).Status == JobStatus.Finished, "the pool runs the job");
        await pool.StopAsync();
        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
    }

    [Fact]
    public async Task Finding_32_Another_port_is_taken_when_the_old_one_is_in_use()
    {
        var options = await LocalServer.StartAsync(_folder.Path);
        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
        using var squatter = new System.Net.Sockets.TcpListener(System.Net.IPEndPoint.Parse(options.Configuration));
        squatter.Start();
        var moved = await LocalServer.StartAsync(_folder.Path);
        Assert.NotEqual(options.Configuration, moved.Configuration);
        Assert.Equal(options.Password, moved.Password);
        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
    }

    [Fact]
    public async Task No_second_server_is_started_on_the_data_of_one_that_does_not_answer()
    {
        if (OperatingSystem.IsWindows()) return;
        var options = await LocalServer.StartAsync(_folder.Path);
        var id = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "redis.pid")), System.Globalization.CultureInfo.InvariantCulture);
        RedisProcess.Signal(id, 19);
        var starting = LocalServer.StartAsync(_folder.Path);
        // A process that is stopped accepts connections all the same, and answers none: the first look at it takes a second.
        Assert.NotSame(starting, await Task.WhenAny(starting, Task.Delay(2000)));
        RedisProcess.Signal(id, 18);
        Assert.Equal(options, await starting);
        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
    }

    [Theory]
    [InlineData("with \"quotes\" and \\n")]
    [InlineData("with\na line, 'é' and 日")]
    public async Task Finding_43_A_path_may_have_any_characters(string name)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Path.Combine(_folder.Path, name);
        await using (var store = await JobStore.ConnectAsync(await LocalServer.StartAsync(path)))
            Assert.True((await store.GetInfoAsync()).AppendOnly);
        Assert.True(File.Exists(Path.Combine(path, "redis.pid")));
        Assert.True(await LocalServer.ShutdownAsync(path));
    }

    [Fact]
    public async Task Finding_43_In_a_folder_that_others_may_read_password_and_jobs_are_the_users_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Shared = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | Shared);
        await LocalServer.StartAsync(_folder.Path);
        // A copy that was put back, say.
        File.SetUnixFileMode(Path.Combine(_folder.Path, "redis.conf"), UnixFileMode.UserRead | Shared);
        await using (var store = await JobStore.ConnectAsync(await LocalServer.StartAsync(_folder.Path)))
            await new JobClient(store, new JobTypeRegistry()).ScheduleAsync(new JobRequest { Type = "a", Data = "\"confidential\"" });
        foreach (var name in (string[])["redis.conf", "redis.log", "appendonlydir"])
            Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(_folder.Path, name)) & Shared);
        // Whatever else others can read there holds no job.
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            if ((File.GetUnixFileMode(file) & Shared) != 0) Assert.DoesNotContain("confidential", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        }
        Assert.True(await LocalServer.ShutdownAsync(_folder.Path));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task Finding_43_A_folder_that_others_may_write_to_is_refused(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | mode);
        var error = await Assert.ThrowsAsync<JobsException>(() => LocalServer.StartAsync(_folder.Path));
        Assert.Equal(JobsError.InvalidDataPath, error.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_path_that_is_a_file_is_refused()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "");
        foreach (var path in (string[])[file, Path.Combine(file, "below")])
            Assert.Equal(JobsError.InvalidDataPath, (await Assert.ThrowsAsync<JobsException>(() => LocalServer.StartAsync(path))).Error);
    }
}
