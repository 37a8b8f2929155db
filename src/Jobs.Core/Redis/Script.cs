using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Jobs.Core.Redis;

/// <summary>One Lua script: its text with includes, its hash, and what its header says that it takes.</summary>
[SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Redis names scripts by SHA-1.")]
internal sealed partial class Script
{
    private Script(string name, string text)
    {
        Name = name;
        Text = text;
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
        Commands = FindCommands(name, text);
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>Redis names a script by the SHA-1 of its text.</summary>
    public byte[] Hash { get; }

    /// <summary>Every command that it may send: what its user must be allowed.</summary>
    public FrozenSet<string> Commands { get; }

    /// <summary>Reads a script from the assembly and holds its header against what its caller passes.</summary>
    /// <param name="name">File name without ending.</param>
    /// <param name="arguments">How many fixed arguments the caller passes.</param>
    /// <param name="takesMore">Whether the caller passes a list after them.</param>
    public static Script Load(string name, int arguments, bool takesMore = false)
    {
        var text = Include(Read(name));
        var header = HeaderPattern().Match(text).Value;
        if (!header.Contains("KEYS ", StringComparison.Ordinal) || !header.Contains("Returns ", StringComparison.Ordinal))
            throw new InvalidOperationException($"{name}.lua has no header that names its KEYS and what it returns.");

        var numbers = ArgumentPattern().Matches(header);
        var list = numbers.FirstOrDefault(match => match.Groups["list"].Success);
        var fixedCount = numbers.Count(match => !match.Groups["list"].Success);
        if (fixedCount != arguments || list is not null != takesMore)
        {
            throw new InvalidOperationException(
                $"{name}.lua says that it takes {fixedCount} arguments{(list is null ? "" : " and a list")}; its caller passes {arguments}{(takesMore ? " and a list" : "")}.");
        }
        return new Script(name, text);
    }

    private static string Include(string text) =>
        IncludePattern().Replace(text, match => Read("include/" + match.Groups[1].Value).TrimEnd());

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>Read from its text: the first argument of a call is a command, or a choice of some.</summary>
    private static FrozenSet<string> FindCommands(string name, string text)
    {
        var commands = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match call in CallPattern().Matches(text))
        {
            if (call.Groups["command"].Value is "..." or "command") continue; // a helper that sends what its caller names
            var named = CommandPattern().Matches(call.Groups["command"].Value);
            if (named.Count == 0) throw new InvalidOperationException($"{name}.lua: '{call.Value}' does not name its command, so that nobody can tell which rights it takes.");
            commands.UnionWith(named.Select(match => match.Groups[1].Value));
        }
        return commands.ToFrozenSet(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"redis\.p?call\b(\((?<command>[^,()]*))?|\b(read_list|read_value|write)\((?<command>[^,()]*)")]
    private static partial Regex CallPattern();

    [GeneratedRegex("['\"]([A-Z]+)['\"]")]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"\A--\[\[.*?\]\](?=\n)", RegexOptions.Singleline)]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"ARGV\[(\d+)(?<list>\.\.)?\]")]
    private static partial Regex ArgumentPattern();

    [GeneratedRegex(@"^--@include (\w+)$", RegexOptions.Multiline)]
    private static partial Regex IncludePattern();
}
