using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Jobs.Core.Redis;

/// <summary>One Lua script: its text with includes, its hash, and what its caller passes. Each is read when it is first sent: a process may send few, and end soon.</summary>
[SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Redis names scripts by SHA-1.")]
internal sealed partial class Script
{
    private const string IncludeDirective = "--@include ";

    private readonly Lazy<string> _text;
    private readonly Lazy<byte[]> _hash;
    private readonly Lazy<FrozenSet<string>> _commands;

    /// <param name="name">File name without ending.</param>
    /// <param name="arguments">How many fixed arguments its callers pass.</param>
    /// <param name="takesMore">Whether they pass a list after them.</param>
    public Script(string name, int arguments, bool takesMore = false)
    {
        (Name, Arguments, TakesMore) = (name, arguments, takesMore);
        _text = new(() => Include(Read(name)));
        _hash = new(() => SHA1.HashData(Encoding.UTF8.GetBytes(Text)));
        _commands = new(() => FindCommands(name, Text));
    }

    public string Name { get; }

    /// <summary>How many fixed arguments its callers pass; its header says the same.</summary>
    public int Arguments { get; }

    /// <summary>Whether they pass a list after them.</summary>
    public bool TakesMore { get; }

    public string Text => _text.Value;

    /// <summary>Redis names a script by the SHA-1 of its text.</summary>
    public byte[] Hash => _hash.Value;

    /// <summary>Every command that it may send: what its user must be allowed.</summary>
    public FrozenSet<string> Commands => _commands.Value;

    private static string Include(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(IncludeDirective, StringComparison.Ordinal)) lines[i] = Read("include/" + lines[i][IncludeDirective.Length..]).TrimEnd();
        }
        return string.Join('\n', lines);
    }

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
}
