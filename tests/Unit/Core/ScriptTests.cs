using System.Text.RegularExpressions;
using Jobs.Core.Redis;

namespace Jobs.Tests.Core;

public sealed partial class ScriptTests
{
    [Fact]
    public void Every_script_in_the_assembly_has_a_caller()
    {
        var present = typeof(Scripts).Assembly.GetManifestResourceNames().Where(name => !name.StartsWith("include/", StringComparison.Ordinal)).Select(name => name[..^".lua".Length]);
        Assert.Equal(present.Order(StringComparer.Ordinal), Scripts.All.Select(script => script.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_script_says_in_its_header_what_its_callers_pass()
    {
        foreach (var script in Scripts.All)
        {
            var header = HeaderPattern().Match(script.Text).Value;
            Assert.Contains("KEYS ", header, StringComparison.Ordinal);
            Assert.Contains("Returns ", header, StringComparison.Ordinal);
            var arguments = ArgumentPattern().Matches(header).ToLookup(match => match.Groups["list"].Success);
            Assert.True(script.Arguments == arguments[false].Count() && script.TakesMore == arguments[true].Any(),
                $"{script.Name}.lua: its callers pass {script.Arguments} arguments{(script.TakesMore ? " and a list" : "")}; its header says otherwise.");
        }
    }

    [Fact]
    public void What_is_included_is_there()
    {
        Assert.All(Scripts.All, script => Assert.DoesNotContain("--@include", script.Text, StringComparison.Ordinal));
        Assert.Contains("missing", Assert.Throws<InvalidOperationException>(() => new Script("no_such_script", 0).Text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rights_asked_for_are_those_that_the_scripts_and_listening_take() =>
        Assert.Equal([.. Scripts.All.SelectMany(script => script.Commands).Concat(["SUBSCRIBE", "UNSUBSCRIBE"]).Distinct().Order(StringComparer.Ordinal)], StoreRights.Asked.Select(command => (string)command!));

    [Fact]
    public void The_seeds_eight_scripts_keep_their_names()
    {
        string[] names = ["add_job_to_set", "destroy_job", "get_jobs_by_ids", "pop_next_jobs", "purge_stale_pool", "retry_or_fail_job", "set_job_field", "set_job_status"];
        Assert.All(names, name => Assert.Contains(name + ".lua", typeof(Scripts).Assembly.GetManifestResourceNames()));
    }

    [Fact]
    public void Scripts_speak_both_Lua_5_1_and_5_4()
    {
        // On 5.4 there is no global unpack, and a float prints as 5.0.
        foreach (var script in Scripts.All)
        {
            if (script.Text.Contains("unpack(", StringComparison.Ordinal)) Assert.Contains("local unpack = table.unpack or unpack", script.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("tostring(", script.Text, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\A--\[\[.*?\]\](?=\n)", RegexOptions.Singleline)]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"ARGV\[(\d+)(?<list>\.\.)?\]")]
    private static partial Regex ArgumentPattern();
}
