using System.Management.Automation;

namespace Jobs.PowerShell.Binding;

/// <summary>Takes a <see cref="DateTimeOffset"/> where a <see cref="DateTime"/> is asked for, without losing its zone.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstantAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is DateTimeOffset time ? time.UtcDateTime : inputData;
}
