namespace Jobs.PowerShell;

/// <summary>What an error record does to a job.</summary>
public enum JobErrorPolicy
{
    /// <summary>Any error record, and a native command's exit code other than 0, fails the attempt.</summary>
    Stop,
    /// <summary>PowerShell's default: errors are logged, and only a terminating one fails the attempt.</summary>
    Continue,
}
