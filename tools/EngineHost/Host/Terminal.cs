using System.Management.Automation;
using System.Management.Automation.Host;

namespace Jobs.EngineHost.Host;

/// <summary>Writes to the console: with colours to a terminal, plain text to a file or a pipe.</summary>
internal sealed partial class Terminal(bool nonInteractive) : PSHostUserInterface
{
    private readonly Lock _gate = new();
    private readonly ProgressPane _progress = new();
    private bool _atLineStart = true;

    public override PSHostRawUserInterface RawUI { get; } = new Screen();

    public override bool SupportsVirtualTerminal { get; } =
        !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("TERM") is not "dumb"
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Write(string value)
    {
        if (string.IsNullOrEmpty(value))
            return;

        lock (_gate)
        {
            _progress.Erase();
            Console.Out.Write(GetOutputString(value, SupportsVirtualTerminal));
            _atLineStart = value.EndsWith('\n');
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Coloured(foregroundColor, backgroundColor, value));

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteLine(Coloured(foregroundColor, backgroundColor, value));

    public override void WriteErrorLine(string value)
    {
        if (!Console.IsErrorRedirected)
            WriteLine(value);
        else
            Console.Error.WriteLine(GetOutputString(value, supportsVirtualTerminal: false));
    }

    public override void WriteDebugLine(string message) => WriteStyled(PSStyle.Instance.Formatting.Debug, "DEBUG: " + message);

    public override void WriteVerboseLine(string message) => WriteStyled(PSStyle.Instance.Formatting.Verbose, "VERBOSE: " + message);

    public override void WriteWarningLine(string message) => WriteStyled(PSStyle.Instance.Formatting.Warning, "WARNING: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (!SupportsVirtualTerminal)
            return;

        lock (_gate)
            _progress.Show(record, mayDraw: _atLineStart);
    }

    public void EraseProgress()
    {
        lock (_gate)
            _progress.Clear();
    }

    private void WriteStyled(string style, string text) => WriteLine(style + text + PSStyle.Instance.Reset);

    private static string Coloured(ConsoleColor foreground, ConsoleColor background, string value)
    {
        var colours = (Enum.IsDefined(foreground) ? PSStyle.MapForegroundColorToEscapeSequence(foreground) : "")
            + (Enum.IsDefined(background) ? PSStyle.MapBackgroundColorToEscapeSequence(background) : "");
        return colours.Length == 0 ? value : colours + value + PSStyle.Instance.Reset;
    }
}
