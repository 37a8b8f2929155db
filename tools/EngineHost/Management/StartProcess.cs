using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Start, "Process", SupportsShouldProcess = true)]
public sealed class StartProcessCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    [Alias("PSPath", "Path")]
    public string FilePath { get; set; } = "";

    [Parameter(Position = 1)]
    [Alias("Args")]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    [Alias("nnw")]
    public SwitchParameter NoNewWindow { get; set; }

    [Parameter]
    [Alias("RSO")]
    public string? RedirectStandardOutput { get; set; }

    [Parameter]
    [Alias("RSE")]
    public string? RedirectStandardError { get; set; }

    [Parameter]
    [Alias("RSI")]
    public string? RedirectStandardInput { get; set; }

    [Parameter]
    public Hashtable? Environment { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    protected override void BeginProcessing()
    {
        if (!ShouldProcess(FilePath, "Start-Process"))
            return;

        var process = new Process { StartInfo = StartInfo() };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            var failure = new InvalidOperationException("This command cannot be run due to the error: " + e.Message, e);
            ThrowTerminatingError(new ErrorRecord(failure, "InvalidOperationException", ErrorCategory.InvalidOperation, null));
        }

        var streams = Redirect(process);
        if (PassThru)
            WriteObject(process);
        if (!Wait)
            return;
        while (!process.WaitForExit(100) && !Stopping)
        {
        }

        if (!Stopping)
            Task.WaitAll(streams);
    }

    private ProcessStartInfo StartInfo()
    {
        var command = InvokeCommand.GetCommand(FilePath, CommandTypes.Application | CommandTypes.ExternalScript);
        var info = new ProcessStartInfo
        {
            FileName = command?.Definition ?? FilePath,
            // As in pwsh: the arguments are joined, and what has spaces is quoted by the caller.
            Arguments = string.Join(' ', ArgumentList),
            WorkingDirectory = WorkingDirectory is null
                ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
                : GetUnresolvedProviderPathFromPSPath(WorkingDirectory),
            RedirectStandardInput = RedirectStandardInput is not null,
            RedirectStandardOutput = RedirectStandardOutput is not null,
            RedirectStandardError = RedirectStandardError is not null,
        };
        foreach (DictionaryEntry variable in Environment ?? [])
            info.Environment[variable.Key.ToString()!] = variable.Value?.ToString();
        return info;
    }

    private Task[] Redirect(Process process)
    {
        var streams = new List<Task>();
        if (RedirectStandardOutput is not null)
            streams.Add(Copy(process.StandardOutput.BaseStream, File.Create(GetUnresolvedProviderPathFromPSPath(RedirectStandardOutput))));
        if (RedirectStandardError is not null)
            streams.Add(Copy(process.StandardError.BaseStream, File.Create(GetUnresolvedProviderPathFromPSPath(RedirectStandardError))));
        if (RedirectStandardInput is not null)
            streams.Add(Copy(File.OpenRead(GetUnresolvedProviderPathFromPSPath(RedirectStandardInput)), process.StandardInput.BaseStream));
        return [.. streams];
    }

    private static async Task Copy(Stream from, Stream to)
    {
        await using (from)
        await using (to)
        {
            // As it comes: a test may wait for a line.
            var buffer = new byte[4096];
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read));
                await to.FlushAsync();
            }
        }
    }
}
