using System.Globalization;
using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Formatting;

namespace Jobs.PowerShell.Waiting;

/// <summary>Replays a job's log to a cmdlet's streams, each entry once: a log only grows.</summary>
internal sealed class LogReplay(Cmdlet cmdlet, JobClient client, string id)
{
    private int _next;

    /// <summary>Leaves out all but the last entries of what there is.</summary>
    public void SkipTo(int tail, CancellationToken stopping) => _next = Math.Max(0, Read(stopping).Next - tail);

    /// <summary>Replays what has come since the last time.</summary>
    public void Replay(CancellationToken stopping)
    {
        (var entries, _next) = Read(stopping);
        foreach (var entry in entries) Write(entry);
    }

    private (IReadOnlyList<JobLogEntry> Entries, int Next) Read(CancellationToken stopping) => client.ReadLogAsync(id, _next, stopping).WaitAsync(stopping).GetAwaiter().GetResult();

    private void Write(JobLogEntry entry)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{entry.Time.LocalDateTime:HH:mm:ss.fff} {DisplayText.Escape(entry.Message)}");
        switch (entry.Level)
        {
            case JobLogLevel.Debug:
                cmdlet.WriteDebug(line);
                break;
            case JobLogLevel.Verbose:
                cmdlet.WriteVerbose(line);
                break;
            case JobLogLevel.Warning:
                cmdlet.WriteWarning(line);
                break;
            case JobLogLevel.Error:
                // A line, since a job that finished is no error, whatever a program of its wrote to its error stream.
                cmdlet.WriteInformation(new HostInformationMessage { Message = $"{line} (error)", ForegroundColor = ConsoleColor.Red }, ["PSHOST"]);
                break;
            default:
                // As Write-Host's records are: seen at the prompt whatever $InformationPreference says.
                cmdlet.WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
                break;
        }
    }
}
