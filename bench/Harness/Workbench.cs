using Jobs.Bench.Protocol;
using Jobs.Bench.Servers;

namespace Jobs.Bench.Harness;

/// <summary>What a run has: its servers, who is measured, and for how long.</summary>
internal sealed class Workbench : IDisposable
{
    private int _names;
    private bool _isDisposed;

    private Workbench(bool isQuick, RedisServer redis, PostgresServer? postgres) => (IsQuick, Redis, Postgres) = (isQuick, redis, postgres);

    /// <summary>True: everything is run, so briefly that only rough figures come of it.</summary>
    public bool IsQuick { get; }

    public int Rounds => IsQuick ? 3 : 5;

    public RedisServer Redis { get; }

    public PostgresServer? Postgres { get; }

    public Contenders Contenders { get; private set; } = null!;

    public static async Task<Workbench> StartAsync(bool isQuick)
    {
        var redis = await RedisServer.StartAsync();
        var (postgres, missing) = await PostgresServer.TryStartAsync();
        var bench = new Workbench(isQuick, redis, postgres);
        // However the run ends, its servers end with it.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => bench.Dispose();
        bench.Contenders = await Contenders.ProbeAsync(redis, postgres, missing);
        return bench;
    }

    /// <summary>A number for a full run, or for a quick one.</summary>
    public int Of(int full, int quick) => IsQuick ? quick : full;

    /// <summary>How many jobs keep a contender busy for as long as one measurement takes.</summary>
    public int Jobs(Contender contender) => JobsAt(contender.Pace);

    public int JobsAt(double pace) => (int)Math.Max(20, Math.Round(pace * (IsQuick ? 0.6 : 2.5)));

    /// <summary>Opens a queue that nobody has used before.</summary>
    /// <param name="contender">Who opens it.</param>
    /// <param name="through">The server's address, where it is not the server's own.</param>
    public Request Open(Contender contender, string? through = null)
    {
        var address = through ?? contender.Server?.Address;
        return new Request { Op = "open", Name = $"bench{++_names}", Redis = address, Postgres = address, Workers = contender.Workers };
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        Postgres?.Dispose();
        Redis.Dispose();
    }
}
