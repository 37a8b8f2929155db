using Jobs.PowerShell.Scheduling;

namespace Jobs.Tests.PowerShell;

public sealed class JobIdsTests
{
    [Fact]
    public void An_id_tells_when_it_was_made()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        var id = Ulid.NewUlid(time).ToString();
        Assert.True(JobIds.MadeBefore(id, time.AddMilliseconds(1)));
        Assert.False(JobIds.MadeBefore(id, time));
        Assert.False(JobIds.MadeBefore("not an id", time));
    }
}
