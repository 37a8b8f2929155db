using System.Diagnostics;

namespace Jobs.Bench.Harness;

/// <summary>The PowerShell that the module's rows run in: JOBS_BENCH_PWSH, else the pwsh on PATH, else the program that stands in for it where there is none.</summary>
/// <param name="Program">Its path.</param>
/// <param name="IsReal">Whether it is PowerShell itself.</param>
internal sealed record Shell(string Program, bool IsReal)
{
    public string Name => IsReal ? "pwsh" : "stand-in host";

    public static Shell Find(string root)
    {
        var named = Environment.GetEnvironmentVariable("JOBS_BENCH_PWSH");
        if (!string.IsNullOrEmpty(named)) return File.Exists(named) ? new Shell(named, true) : throw new FileNotFoundException($"JOBS_BENCH_PWSH names '{named}', which is not there.");
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return found is not null ? new Shell(found, true) : new Shell(Path.Combine(root, "tools/EngineHost/bin/Release/net10.0/enginehost"), false);
    }

    public Launch Script(string file, params string[] arguments) => new(Program, ["-NoProfile", "-File", file, .. arguments]);

    /// <summary>How long a command takes, from the start of the process to its end.</summary>
    public async Task<TimeSpan> TimeAsync(string command)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Program, ["-NoProfile", "-NonInteractive", "-Command", command]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var time = Stopwatch.GetElapsedTime(start);
        await output;
        return process.ExitCode == 0 ? time : throw new DriverException($"'{command}' ended with {process.ExitCode}: {await errors}");
    }
}
