using System.Globalization;
using System.Management.Automation.Host;

namespace Jobs.EngineHost.Host;

/// <summary>What the engine knows of the program it runs in. It takes pwsh's name, as scripts ask for it.</summary>
internal sealed class ConsoleHost(bool nonInteractive) : PSHost
{
    public Terminal Terminal { get; } = new(nonInteractive);

    public int? ExitCode { get; private set; }

    public override string Name => "ConsoleHost";

    public override Version Version { get; } = System.Management.Automation.PSVersionInfo.PSVersion;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => Terminal;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("enginehost has no nested prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("enginehost has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
