using System.Diagnostics;
using Jobs.PowerShell.Pools;

namespace Jobs.Tests.PowerShell.Pools;

public sealed class InterruptionsTests
{
    private readonly Interruptions _interruptions = new();
    private readonly long _began = Stopwatch.GetTimestamp();

    [Theory]
    [InlineData(129)]
    [InlineData(130)]
    [InlineData(143)]
    [InlineData(1)]
    public void Finding_6_a_signal_during_the_run_explains_that_its_program_failed(int exitCode)
    {
        _interruptions.Note();
        Assert.True(_interruptions.Explain(_began, exitCode, isStopping: false));
        Assert.True(_interruptions.Explain(_began, exitCode, isStopping: true));
    }

    [Fact]
    public async Task Finding_6_a_program_may_be_heard_to_have_ended_before_the_signal_is_heard()
    {
        var explained = Task.Run(() => _interruptions.Explain(_began, 130, isStopping: false), TestContext.Current.CancellationToken);
        _interruptions.Note();
        Assert.True(await explained);
    }

    [Fact]
    public void Finding_6_no_signal_explains_nothing()
    {
        Assert.False(_interruptions.Explain(_began, 1, isStopping: true));
        Assert.False(_interruptions.Explain(_began, 143, isStopping: false));
    }

    [Fact]
    public void Finding_6_a_signal_before_the_run_explains_nothing()
    {
        _interruptions.Note();
        Assert.False(_interruptions.Explain(Stopwatch.GetTimestamp() + 1, 1, isStopping: true));
    }
}
