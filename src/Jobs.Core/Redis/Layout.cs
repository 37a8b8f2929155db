using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>How the jobs of a namespace are laid out (include/jobs.lua): who would misread them is told so when connecting.</summary>
internal static class Layout
{
    /// <summary>What this version reads and writes. The scripts that first write to a namespace note it there (include/layout.lua).</summary>
    private const long Current = 2;

    /// <exception cref="JobsException">StoreLayoutNotSupported.</exception>
    public static void Check(RedisResult reply, Keys keys, string endpoint)
    {
        var (layout, isUsed) = (((RedisResult[])reply!)[0], (long)((RedisResult[])reply!)[1] == 1);
        if (layout.IsNull && !isUsed) return;
        // Nothing was noted in the beginning.
        var found = layout.IsNull ? 1 : ((RedisValue)layout).TryParse(out long number) ? number : 0;
        if (found == Current) return;
        throw new JobsException(JobsError.StoreLayoutNotSupported,
            $"The keys {keys.Pattern} at {endpoint} hold jobs in layout {(layout.IsNull ? "1" : layout.ToString())}; this version of Jobs reads and writes layout {Current}. " +
            (found > Current ? "Update the module here, or use another namespace." : "Use another namespace, or the version of the module that wrote them.")) { Target = endpoint };
    }
}
