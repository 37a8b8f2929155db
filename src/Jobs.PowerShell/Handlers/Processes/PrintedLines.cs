using System.Text;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>What a process prints, line by line; one that never ends is cut, and takes no more memory than that.</summary>
internal static class PrintedLines
{
    private const int MaxLine = 1 << 16;

    /// <summary>Reads to the end.</summary>
    public static async Task ReadAsync(StreamReader reader, Action<string> take)
    {
        var block = new char[4096];
        var line = new StringBuilder();
        try
        {
            for (int read; (read = await reader.ReadAsync(block).ConfigureAwait(false)) > 0;)
            {
                for (var i = 0; i < read; i++)
                {
                    if (block[i] == '\n' || line.Length == MaxLine) Give(line, take);
                    if (block[i] != '\n') line.Append(block[i]);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Its end.
        }
        if (line.Length > 0) Give(line, take);
    }

    private static void Give(StringBuilder line, Action<string> take)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        take(text);
    }
}
