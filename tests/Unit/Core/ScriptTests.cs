using Jobs.Core.Redis;

namespace Jobs.Tests.Core;

public sealed class ScriptTests
{
    [Fact]
    public void Every_script_in_the_assembly_has_a_caller_whose_arguments_match_its_header()
    {
        // Loading the class checks each header; a script nobody names would be dead.
        var called = typeof(Scripts).GetFields().Select(field => ((Script)field.GetValue(null)!).Name).Order(StringComparer.Ordinal);
        var present = typeof(Scripts).Assembly.GetManifestResourceNames().Where(name => !name.StartsWith("include/", StringComparison.Ordinal)).Select(name => name[..^".lua".Length]).Order(StringComparer.Ordinal);
        Assert.Equal(present, called);
    }

    [Fact]
    public void A_missing_script_or_a_wrong_header_is_an_error()
    {
        Assert.Contains("missing", Assert.Throws<InvalidOperationException>(() => Script.Load("no_such_script", 0)).Message, StringComparison.Ordinal);
        Assert.Contains("caller passes 9", Assert.Throws<InvalidOperationException>(() => Script.Load("schedule_jobs", 9)).Message, StringComparison.Ordinal);
    }

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
        foreach (var script in typeof(Scripts).GetFields().Select(field => (Script)field.GetValue(null)!))
        {
            if (script.Text.Contains("unpack(", StringComparison.Ordinal)) Assert.Contains("local unpack = table.unpack or unpack", script.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("tostring(", script.Text, StringComparison.Ordinal);
        }
    }
}
