using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using Jobs.Core;
using Jobs.PowerShell;
using Jobs.PowerShell.Binding;

namespace Jobs.Tests.PowerShell;

public sealed class ContractTests
{
    private static readonly Assembly Module = typeof(JobInfo).Assembly;

    public static TheoryData<string, string> Parameters => new()
    {
        { "Connect-JobStore", "Configuration Database Credential Namespace Local DataPath PassThru FinishedRetention FailedRetention CancelledRetention MaxHistory" },
        { "Get-JobStore", "" },
        { "Disconnect-JobStore", "Shutdown" },
        { "Register-JobType", "Name ScriptBlock FilePath Command Retries RetryDelay Backoff MaxRetryDelay Timeout MaxConcurrency RateLimit Priority Queue ImportModule ErrorPolicy Isolation Force" },
        { "Get-JobType", "Name" },
        { "Unregister-JobType", "Name" },
        { "Suspend-JobType", "Name" },
        { "Resume-JobType", "Name" },
        { "Invoke-JobType", "Name Data Parameters Id" },
        { "New-ScheduledJob", "Type Data Parameters At In Every Cron TimeZone Priority Queue Retries RetryDelay Backoff MaxRetryDelay Timeout UniqueKey ErrorIfExists Force After AfterAny Hold Missed" },
        { "Get-JobStatus", "Id Status Type Queue Since Until Oldest Summary Runs" },
        { "Export-JobSchedule", "Path UniqueKey Type" },
        { "Import-JobSchedule", "Path Prune" },
        { "Get-JobSchedule", "UniqueKey Type Next" },
        { "Wait-ScheduledJob", "Id Timeout Any ErrorOnFailure" },
        { "Receive-ScheduledJob", "Id Log Follow Tail Wait" },
        { "Stop-ScheduledJob", "Id PassThru" },
        { "Remove-ScheduledJob", "Id Force" },
        { "Update-ScheduledJob", "Id At In Priority Queue Every Cron TimeZone PassThru" },
        { "Restart-ScheduledJob", "Id PassThru" },
        { "Suspend-ScheduledJob", "Id PassThru" },
        { "Resume-ScheduledJob", "Id PassThru" },
        { "Clear-JobHistory", "Status Before Type Force" },
        { "Start-JobPool", "Workers BatchSize PollInterval StaleTimeout Type Queue Name InitializationScript ImportModule AfterJob ShutdownTimeout Wait UntilEmpty IncludeRetries MaxJobs RunFor" },
        { "Get-JobPool", "Id Local" },
        { "Wait-JobPool", "Pool Id Timeout" },
        { "Stop-JobPool", "Pool Id All Timeout Force NoWait" },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_cmdlet_has_exactly_its_parameters(string name, string parameters)
    {
        var own = Cmdlets()[name].GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute))).Select(property => property.Name);
        Assert.Equal(parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), own.Order());
    }

    [Fact]
    public void There_are_no_other_cmdlets() => Assert.Equal(Parameters.Select(row => row.Data.Item1).Order(), Cmdlets().Keys.Order());

    [Fact]
    public void What_changes_state_can_be_confirmed()
    {
        string[] harmless = ["Get", "Wait", "Receive", "Connect"];
        foreach (var (name, type) in Cmdlets().Where(cmdlet => !harmless.Contains(cmdlet.Key.Split('-')[0])))
            Assert.True(type.GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess, name);
    }

    [Fact]
    public void A_job_has_the_contract_s_properties() => AssertHas(typeof(JobInfo),
        "Id Type Status Priority Queue Data Created Due Started Finished Duration Attempts RetriesLeft Error Every Cron TimeZone IsRecurring PoolId HostName Progress Timeout UniqueKey");

    [Fact]
    public void A_pool_has_the_contract_s_properties() => AssertHas(typeof(JobPoolInfo),
        "Id Name HostName ProcessId Status Workers Busy Queues Types Started LastHeartbeat Processed Failed");

    [Fact]
    public void No_command_of_others_is_shadowed()
    {
        string[] others = ["Debug-Job", "Get-Job", "Receive-Job", "Remove-Job", "Resume-Job", "Start-Job", "Stop-Job", "Suspend-Job", "Wait-Job", "Start-ThreadJob",
            "Get-ScheduledJob", "Set-ScheduledJob", "Enable-ScheduledJob", "Disable-ScheduledJob", "Register-ScheduledJob", "Unregister-ScheduledJob"];
        Assert.Empty(Cmdlets().Keys.Intersect(others, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Finding_15_Every_duration_and_every_time_is_read_as_users_write_them()
    {
        foreach (var (name, type) in Cmdlets())
        {
            foreach (var property in type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute))))
            {
                if (Is<TimeSpan>(property)) Assert.True(property.IsDefined(typeof(DurationAttribute)), $"{name} -{property.Name}");
                if (Is<DateTime>(property)) Assert.True(property.IsDefined(typeof(InstantAttribute)), $"{name} -{property.Name}");
                Assert.False(Is<DateTimeOffset>(property), $"{name} -{property.Name}");
            }
        }

        static bool Is<T>(PropertyInfo property) => property.PropertyType == typeof(T) || Nullable.GetUnderlyingType(property.PropertyType) == typeof(T);
    }

    [Fact]
    public void Every_parameter_that_names_a_thing_of_the_store_completes()
    {
        string[] named = ["Id", "Type", "Queue", "TimeZone", "After", "Pool", "UniqueKey", "Cron", "Namespace", "In", "Every"];
        foreach (var (name, type) in Cmdlets())
        {
            foreach (var property in type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute)) && named.Contains(property.Name)))
                Assert.True(property.IsDefined(typeof(ArgumentCompleterAttribute)), $"{name} -{property.Name}");
        }
    }

    /// <summary>PowerShell enumerates the types before Core can be resolved: none may need it to be laid out.</summary>
    [Fact]
    public void No_type_needs_Core_to_be_loaded()
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var type in Module.GetTypes())
        {
            Assert.False(IsCore(type.BaseType), $"{type} derives from {type.BaseType}");
            foreach (var implemented in type.GetInterfaces())
                Assert.False(IsCore(implemented), $"{type} implements {implemented}");
            foreach (var field in type.GetFields(all))
                Assert.False(NeedsCore(field.FieldType), $"{type}.{field.Name} is a {field.FieldType}");
            foreach (var attribute in type.GetCustomAttributesData())
                Assert.DoesNotContain(attribute.ConstructorArguments.SelectMany(Flatten), argument => argument.Value is Type named && IsCore(named));
        }
    }

    [Fact]
    public void Cmdlets_are_sealed_and_lie_in_a_file_of_their_own()
    {
        foreach (var (name, type) in Cmdlets())
        {
            Assert.True(type.IsSealed, name);
            Assert.Equal(name.Replace("-", "", StringComparison.Ordinal) + "Command", type.Name);
            Assert.True(File.Exists(Path.Combine(Root(), "src", "Jobs.PowerShell", "Cmdlets", type.Name + ".cs")), name);
        }
    }

    [Fact]
    public void The_manifest_exports_each_cmdlet()
    {
        var manifest = File.ReadAllText(Path.Combine(Root(), "Jobs.psd1"));
        foreach (var name in Cmdlets().Keys)
            Assert.Contains($"'{name}'", manifest, StringComparison.Ordinal);
    }

    private static Dictionary<string, Type> Cmdlets() => Module.GetExportedTypes()
        .Where(type => type.IsDefined(typeof(CmdletAttribute)))
        .ToDictionary(type => type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : "");

    private static void AssertHas(Type type, string properties) =>
        Assert.Empty(properties.Split(' ').Except(type.GetProperties().Select(property => property.Name)));

    /// <summary>A struct of Core's, or one that holds one; references, in generic structs too, are laid out without knowing their types.</summary>
    private static bool NeedsCore(Type type) =>
        type.IsValueType && (IsCore(type.IsGenericType ? type.GetGenericTypeDefinition() : type) || (type.IsGenericType && type.GetGenericArguments().Any(NeedsCore)));

    private static bool IsCore(Type? type) =>
        type is not null && (type.Assembly == typeof(JobStore).Assembly || (type.IsGenericType && type.GetGenericArguments().Any(IsCore)));

    private static IEnumerable<CustomAttributeTypedArgument> Flatten(CustomAttributeTypedArgument argument) =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> many ? many.SelectMany(Flatten) : [argument];

    internal static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
