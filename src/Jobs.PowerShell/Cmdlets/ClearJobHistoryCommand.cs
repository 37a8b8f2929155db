using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Scheduling;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Removes jobs that have ended.</summary>
[Cmdlet(VerbsCommon.Clear, "JobHistory", SupportsShouldProcess = true)]
public sealed class ClearJobHistoryCommand : JobsCmdlet
{
    private static readonly string[] All = ["Finished", "Failed", "Cancelled"];

    /// <summary>Jobs that ended so: Finished, Failed or Cancelled; default all three.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("Finished", "Failed", "Cancelled")]
    public string[] Status { get; set; } = All;

    /// <summary>Jobs that ended before; a time without a zone is local.</summary>
    [Parameter]
    [Instant(IsPast = true)]
    public DateTime Before { get; set; }

    /// <summary>Jobs of one of these types, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Type { get; set; }

    /// <summary>Does not ask before the whole history is removed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var which = $"{string.Join(", ", Status)} jobs{(Type is null ? "" : $" of type {string.Join(", ", Type)}")}{(Has(nameof(Before)) ? $" ended before {Before}" : "")}";
        if (!ShouldProcess(which, "Remove") || !IsMeant()) return;
        var statuses = Array.ConvertAll(Status, status => Enum.Parse<JobStatus>(status, ignoreCase: true));
        var removed = Await(Client.ClearHistoryAsync(statuses, Has(nameof(Before)) ? ScheduleTimes.Instant(Before) : null, Type, StopToken));
        WriteVerbose($"{removed:N0} jobs removed.");
    }

    // Nothing narrows what is removed, and the user was not asked yet.
    private bool IsMeant() =>
        Force || Has("Confirm") || Has(nameof(Status)) || Has(nameof(Before)) || Has(nameof(Type))
        || GetVariableValue("ConfirmPreference") is not ConfirmImpact.High
        || ShouldContinue("All jobs that have ended are removed, with their outputs and logs. -Status, -Before and -Type narrow it down; -Force does not ask.", "Clear the whole history?");
}
