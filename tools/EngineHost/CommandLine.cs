using System.Management.Automation.Runspaces;

namespace Jobs.EngineHost;

/// <summary>What of pwsh's command line is understood here; anything else is refused.</summary>
internal sealed record CommandLine
{
    public string? File { get; private init; }

    public string? Command { get; private init; }

    public bool NonInteractive { get; private init; }

    public bool NoLogo { get; private init; }

    public IReadOnlyList<CommandParameter> Arguments { get; private init; } = [];

    public static CommandLine? Parse(string[] args, out string? problem)
    {
        var parsed = new CommandLine();
        problem = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i].ToUpperInvariant())
            {
                case "-NOPROFILE" or "-NOP":
                    break; // there are no profiles
                case "-NOLOGO":
                    parsed = parsed with { NoLogo = true };
                    break;
                case "-NONINTERACTIVE":
                    parsed = parsed with { NonInteractive = true };
                    break;
                case "-EXECUTIONPOLICY" or "-EP" when i + 1 < args.Length:
                    i++; // scripts always run
                    break;
                case "-FILE" or "-F" when i + 1 < args.Length:
                    return OfFile(parsed, args[(i + 1)..], out problem);
                case "-COMMAND" or "-C" when i + 1 < args.Length:
                    return parsed with { Command = string.Join(' ', args[(i + 1)..]) };
                default:
                    if (args[i].StartsWith('-'))
                    {
                        problem = $"enginehost does not know '{args[i]}', or its value is missing.";
                        return null;
                    }

                    return OfFile(parsed, args[i..], out problem);
            }
        }

        return parsed;
    }

    private static CommandLine? OfFile(CommandLine parsed, string[] rest, out string? problem)
    {
        var file = Path.GetFullPath(rest[0]);
        problem = System.IO.File.Exists(file) ? null : $"The argument '{rest[0]}' is not the name of a script file.";
        return problem is null ? parsed with { File = file, Arguments = [.. ScriptArguments(rest[1..])] } : null;
    }

    // As pwsh -File reads them: text only, but for '-Switch:$false'.
    private static IEnumerable<CommandParameter> ScriptArguments(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var arg = args[i];
            if (arg.Length < 2 || arg[0] != '-')
            {
                yield return new CommandParameter(null, arg);
            }
            else if (arg.EndsWith(':') && i + 1 < args.Length)
            {
                yield return new CommandParameter(arg.TrimEnd(':'), args[++i]);
            }
            else if (arg.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                var text = arg[(colon + 1)..];
                yield return new CommandParameter(arg[..colon], bool.TryParse(text.TrimStart('$'), out var flag) ? flag : text);
            }
            else
            {
                yield return new CommandParameter(arg);
            }
        }
    }
}
