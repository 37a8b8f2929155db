using System.Management.Automation;

namespace Jobs.EngineHost;

/// <summary>A plain prompt, for trying things by hand: read a line (or as many as it takes), run it, again until <c>exit</c>.</summary>
internal sealed class Prompt(Session session)
{
    public int Run(bool noLogo)
    {
        if (!noLogo && !Console.IsInputRedirected)
            Console.WriteLine($"PowerShell {PSVersionInfo.PSVersion} in enginehost");

        Console.CancelKeyPress += OnCancelKey;
        while (session.ExitCode is null && Read() is { } text)
        {
            if (!string.IsNullOrWhiteSpace(text))
                session.RunLine(text);
        }

        return session.ExitCode ?? 0;
    }

    // A command ends where the parser has nothing left open: a brace, a quote, a pipe.
    private string? Read()
    {
        Show(CurrentPrompt());
        var text = Console.ReadLine();
        while (text is not null && IsIncomplete(text))
        {
            Show(">> ");
            if (Console.ReadLine() is not { } line)
                break;
            text += Environment.NewLine + line;
        }

        return text;
    }

    private static bool IsIncomplete(string text)
    {
        System.Management.Automation.Language.Parser.ParseInput(text, out _, out var errors);
        return errors.Any(error => error.IncompleteInput);
    }

    private string CurrentPrompt() => string.Concat(session.Evaluate("prompt"));

    private static void Show(string prompt)
    {
        if (!Console.IsInputRedirected)
            Console.Write(prompt);
    }

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs e)
    {
        if (session.IsRunning)
            return;
        Console.WriteLine();
        Show(CurrentPrompt());
    }
}
