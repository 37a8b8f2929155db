using System.Globalization;
using Jobs.Core;
using Jobs.FaultWorker;

// faultworker <redis> <namespace> <history> <workers> <lease in ms>: a pool that can be killed. It stops when its input ends.
using var log = new RunLog(args[2]);
var types = Handlers.Register(log);
var options = new PoolOptions
{
    Workers = int.Parse(args[3], CultureInfo.InvariantCulture),
    StaleTimeout = TimeSpan.FromMilliseconds(int.Parse(args[4], CultureInfo.InvariantCulture)),
};
var (store, pool) = await StartAsync();
Console.WriteLine(pool.Id);
await Console.In.ReadToEndAsync();
await pool.StopAsync(TimeSpan.FromSeconds(5));
await store.DisposeAsync();

async Task<(JobStore, JobPool)> StartAsync()
{
    while (true)
    {
        try
        {
            var store = await JobStore.ConnectAsync(new StoreOptions { Configuration = args[0], Namespace = args[1] });
            var pool = new JobPool(store, types, options);
            pool.Event += said => Console.Error.WriteLine($"{Environment.ProcessId}: {said.Message}");
            await pool.StartAsync();
            return (store, pool);
        }
        catch (JobsException)
        {
            await Task.Delay(200); // the store is down: it comes back
        }
    }
}
