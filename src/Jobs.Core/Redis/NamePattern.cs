using System.Text;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>
/// A name with PowerShell's wildcards as include/wildcards.lua takes it: in lower case, its parts between the '*' written as Lua patterns
/// of single characters, without anything that could be tried in more than one way.
/// </summary>
internal static class NamePattern
{
    public static IEnumerable<RedisValue> Compile(IEnumerable<string> names) => names.Select(name => (RedisValue)Compile(name));

    public static string Compile(string name)
    {
        var pattern = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '*':
                    // Two in a row say no more than one.
                    if (pattern.Length == 0 || pattern[^1] != '*') pattern.Append('*');
                    break;
                case '?':
                    pattern.Append('.');
                    break;
                case '[' when name.IndexOf(']', i + 1) is var end && end > i + 1:
                    AppendClass(pattern, name.AsSpan(i + 1, end - i - 1));
                    i = end;
                    break;
                case '`' when i + 1 < name.Length:
                    AppendLiteral(pattern, name[++i]);
                    break;
                default:
                    AppendLiteral(pattern, name[i]);
                    break;
            }
        }
        return pattern.ToString();
    }

    private static void AppendClass(StringBuilder pattern, ReadOnlySpan<char> members)
    {
        pattern.Append('[');
        for (var i = 0; i < members.Length; i++)
        {
            AppendLiteral(pattern, members[i]);
            if (i + 2 >= members.Length || members[i + 1] != '-') continue;
            pattern.Append('-');
            AppendLiteral(pattern, members[i + 2]);
            i += 2;
        }
        pattern.Append(']');
    }

    private static void AppendLiteral(StringBuilder pattern, char c)
    {
        if (char.IsAsciiLetterOrDigit(c))
            pattern.Append(char.ToLowerInvariant(c));
        else if (c is '.' or '_' or '-')
            pattern.Append('%').Append(c);
        else
            pattern.Append('/'); // no name has either
    }
}
