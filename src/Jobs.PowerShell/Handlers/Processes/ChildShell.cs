using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Host;
using Jobs.Core;
using Jobs.PowerShell.Handlers.Sessions;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>Starts PowerShell processes of the kind this one is, each for one job.</summary>
/// <param name="program">The program, and arguments that come before PowerShell's own.</param>
/// <param name="store">The store that handlers there use.</param>
internal sealed class ChildShell(IReadOnlyList<string> program, StoreOptions store)
{
    public StoreOptions Store => store;

    /// <summary>This process's program when it is a shell; in a program that only hosts the engine, pwsh from PATH; else null.</summary>
    public static ChildShell? Find(PSHost host, StoreOptions store)
    {
        var own = Environment.ProcessPath;
        if (own is not null && host.Name is "ConsoleHost" or "Visual Studio Code Host")
            return new ChildShell(Path.GetFileNameWithoutExtension(own) == "dotnet" ? [own, Environment.GetCommandLineArgs()[0]] : [own!], store);
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Join(folder, name)).FirstOrDefault(File.Exists);
        return found is null ? null : new ChildShell([found], store);
    }

    public static HandlerException NotFound() => new("ShellNotFound", ErrorCategory.NotInstalled,
        "The job's type has -Isolation Process, but this program is no PowerShell and there is no pwsh on PATH to start in its place.");

    /// <summary>Starts a process that reads its job from a pipe.</summary>
    public Process Start(string pipe)
    {
        var start = new ProcessStartInfo(program[0])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in program.Skip(1)) start.ArgumentList.Add(argument);
        foreach (var argument in (string[])["-NoProfile", "-NonInteractive", "-Command", Script(pipe)]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        // There is nobody to ask. The job itself comes by the pipe: PowerShell takes standard input for its script's own.
        process.StandardInput.Close();
        return process;
    }

    private static string Script(string pipe) =>
        $"Import-Module -Name '{OwnModule.Path.Replace("'", "''", StringComparison.Ordinal)}' -ErrorAction Stop; [{typeof(ChildProcess).FullName}]::Run('{pipe}')";
}
