using System.Management.Automation;
using Jobs.Core;
using Jobs.PowerShell.Binding;
using Jobs.PowerShell.Completion;
using Jobs.PowerShell.Scheduling;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Changes when, where or how urgently jobs run. Of an executing job a new time takes effect after the run.</summary>
[Cmdlet(VerbsData.Update, "ScheduledJob", SupportsShouldProcess = true)]
[OutputType(typeof(JobInfo))]
public sealed class UpdateScheduledJobCommand : JobChangeCmdlet
{
    private JobChange? _change;

    /// <summary>The new due time; a time without a zone is local, a past one is due now.</summary>
    [Parameter]
    [Instant]
    public DateTime At { get; set; }

    /// <summary>The new due time, counted from now; a plain number is seconds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    [Duration]
    public TimeSpan In { get; set; }

    /// <summary>The new priority, -500,000 to 500,000; higher runs first.</summary>
    [Parameter]
    public int Priority { get; set; }

    /// <summary>The new queue.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(QueueCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Queue { get; set; }

    /// <summary>The new rhythm of a recurring job; a plain number is seconds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    [Duration]
    public TimeSpan Every { get; set; }

    /// <summary>The new cron expression of a recurring job, of 5 fields, or 6 with seconds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CronCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cron { get; set; }

    /// <summary>The time zone of the cron expression, an IANA or Windows id; default the local one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TimeZone { get; set; }

    private protected override string Deed => "Change";

    private protected override void Begin()
    {
        base.Begin();
        ScheduleTimes.Check(Has(nameof(At)), Has(nameof(In)), Has(nameof(Every)), Cron is not null, TimeZone is not null);
        _change = new JobChange
        {
            At = Has(nameof(At)) ? ScheduleTimes.Instant(At) : null,
            In = Has(nameof(In)) ? In : null,
            Priority = Has(nameof(Priority)) ? Priority : null,
            Queue = Queue,
            Every = Has(nameof(Every)) ? Every : null,
            Cron = Cron,
            TimeZone = TimeZone,
        };
        if (_change == new JobChange())
            throw new JobsException(JobsError.InvalidSchedule, "Nothing is to be changed: give -At, -In, -Priority, -Queue, -Every or -Cron.");
    }

    private protected override Task<IReadOnlyList<JobsException?>> ChangeAsync(JobClient client, IReadOnlyList<string> ids) => client.UpdateAsync(ids, _change!, StopToken);
}
