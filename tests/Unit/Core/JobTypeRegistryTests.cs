using Jobs.Core;

namespace Jobs.Tests.Core;

public sealed class JobTypeRegistryTests
{
    private readonly JobTypeRegistry _types = new();

    [Fact]
    public void A_registered_type_is_found()
    {
        _types.Register(new JobType { Name = "mail", Defaults = new JobDefaults { Retries = 3 } });
        Assert.True(_types.TryGet("mail", out var type));
        Assert.Equal(3, type.Defaults.Retries);
        Assert.Equal(["mail"], _types.All.Select(known => known.Name));
    }

    [Fact]
    public void A_second_registration_of_a_name_is_refused()
    {
        _types.Register(new JobType { Name = "mail" });
        var error = Assert.Throws<JobsException>(() => _types.Register(new JobType { Name = "mail", Defaults = new JobDefaults { Retries = 9 } }));
        Assert.Equal(JobsError.JobTypeExists, error.Error);
        Assert.True(_types.TryGet("mail", out var type));
        Assert.Equal(0, type.Defaults.Retries);
    }

    [Fact]
    public void A_second_registration_replaces_the_first_when_asked_to()
    {
        _types.Register(new JobType { Name = "mail" });
        _types.Register(new JobType { Name = "mail", Defaults = new JobDefaults { Retries = 9 } }, replace: true);
        Assert.True(_types.TryGet("mail", out var type));
        Assert.Equal(9, type.Defaults.Retries);
    }

    [Fact]
    public void Finding_14_A_name_is_the_same_in_any_case_and_kept_as_first_given()
    {
        _types.Register(new JobType { Name = "Mail" });
        Assert.Equal(JobsError.JobTypeExists, Assert.Throws<JobsException>(() => _types.Register(new JobType { Name = "mail" })).Error);
        _types.Register(new JobType { Name = "MAIL", MaxConcurrency = 2 }, replace: true);
        Assert.True(_types.TryGet("mail", out var type));
        Assert.Equal(("Mail", 2), (type.Name, type.MaxConcurrency));
        Assert.True(_types.Unregister("mAIL"));
        Assert.Empty(_types.All);
    }

    [Fact]
    public void An_unregistered_type_is_gone()
    {
        _types.Register(new JobType { Name = "mail" });
        Assert.True(_types.Unregister("mail"));
        Assert.False(_types.Unregister("mail"));
        Assert.False(_types.TryGet("mail", out _));
    }

    public static TheoryData<JobType, JobsError> Wrong => new()
    {
        { new JobType { Name = "" }, JobsError.InvalidName },
        { new JobType { Name = "two words" }, JobsError.InvalidName },
        { new JobType { Name = "a:b" }, JobsError.InvalidName },
        { new JobType { Name = new string('x', 101) }, JobsError.InvalidName },
        { new JobType { Name = "a", Defaults = new JobDefaults { Retries = -1 } }, JobsError.RetriesOutOfRange },
        { new JobType { Name = "a", Defaults = new JobDefaults { Priority = 500_001 } }, JobsError.PriorityOutOfRange },
        { new JobType { Name = "a", Defaults = new JobDefaults { Priority = -500_001 } }, JobsError.PriorityOutOfRange },
        { new JobType { Name = "a", Defaults = new JobDefaults { Queue = "a b" } }, JobsError.InvalidName },
        { new JobType { Name = "a", Defaults = new JobDefaults { RetryDelay = TimeSpan.FromSeconds(-1) } }, JobsError.DurationOutOfRange },
        { new JobType { Name = "a", Defaults = new JobDefaults { Timeout = TimeSpan.Zero } }, JobsError.DurationOutOfRange },
        { new JobType { Name = "a", MaxConcurrency = 0 }, JobsError.ValueOutOfRange },
        { new JobType { Name = "a", RateLimit = new RateLimit(0, TimeSpan.FromSeconds(1)) }, JobsError.ValueOutOfRange },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_definition_is_refused(JobType type, JobsError expected) =>
        Assert.Equal(expected, Assert.Throws<JobsException>(() => _types.Register(type)).Error);
}
