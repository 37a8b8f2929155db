namespace Jobs.PowerShell;

/// <summary>What an error record or a native command's exit code does to an attempt.</summary>
public enum JobErrorPolicy
{
    /// <summary>It fails the attempt.</summary>
    Stop,
    /// <summary>It is logged, and the handler goes on: PowerShell's default.</summary>
    Continue,
}
