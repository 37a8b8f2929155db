namespace Jobs.PowerShell.Scheduling;

/// <summary>What a job's id, a ULID, tells.</summary>
internal static class JobIds
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Whether the id was made before that time: its first ten digits are the milliseconds of its making, by its maker's clock.</summary>
    public static bool MadeBefore(string id, DateTimeOffset time)
    {
        if (id.Length != 26) return false;
        var made = 0L;
        foreach (var c in id.AsSpan(0, 10))
        {
            var digit = Digits.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (digit < 0) return false;
            made = (made << 5) | (long)digit;
        }
        return made < time.ToUnixTimeMilliseconds();
    }
}
