using System.Management.Automation;

namespace Jobs.PowerShell.Cmdlets;

/// <summary>Tells where the store is, what server it is, and whether what it acknowledges is safe.</summary>
[Cmdlet(VerbsCommon.Get, "JobStore")]
[OutputType("Jobs.Core.StoreInfo")]
public sealed class GetJobStoreCommand : JobsCmdlet
{
    private protected override void Process()
    {
        var info = Await(Connection.Store.GetInfoAsync(StopToken));
        WriteObject(info);
        if (info.Warning is { } warning) WriteWarning(warning);
    }
}
