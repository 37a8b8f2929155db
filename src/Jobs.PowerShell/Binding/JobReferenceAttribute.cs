using System.Collections;
using System.Management.Automation;

namespace Jobs.PowerShell.Binding;

/// <summary>Takes ids, jobs, pools, and whatever else has an Id, for their ids.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class JobReferenceAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is IList list ? list.Cast<object?>().Select(IdOf).ToArray() : IdOf(inputData);
    }

    private static object? IdOf(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        null => null,
        string id => id,
        JobInfo job => job.Id,
        JobPoolInfo pool => pool.Id,
        _ => PSObject.AsPSObject(item).Properties["Id"]?.Value is { } id ? id.ToString() : item,
    };
}
