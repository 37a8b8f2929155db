namespace Jobs.Core;

/// <summary>Makes job ids: ULIDs that ascend within a process, so that jobs of one moment keep their order.</summary>
internal sealed class JobIds(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly byte[] _last = new byte[16];
    private long _lastMs;

    public string Next()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var ms = now.ToUnixTimeMilliseconds();
            if (ms > _lastMs)
            {
                _lastMs = ms;
                Ulid.NewUlid(now).TryWriteBytes(_last);
                _last[6] &= 0x7F; // room to count up from
            }
            else
            {
                for (var i = 15; i > 5 && ++_last[i] == 0; i--) { }
            }
            return new Ulid(_last).ToString();
        }
    }

    /// <summary>Whether a text can be an id at all.</summary>
    public static bool IsId(string? text) => text is { Length: 26 } && text.All(char.IsAsciiLetterOrDigit);
}
