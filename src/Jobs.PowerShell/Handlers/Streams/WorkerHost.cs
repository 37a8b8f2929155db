using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using Jobs.Core;

namespace Jobs.PowerShell.Handlers.Streams;

/// <summary>The host handlers see: its lines go to the job's log, and there is nobody to ask.</summary>
internal sealed class WorkerHost(RunSink sink) : PSHost
{
    public override string Name => "JobsHost";

    public override Version Version { get; } = typeof(WorkerHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI { get; } = new WorkerUI(sink);

    public override void EnterNestedPrompt() => throw WorkerUI.Nobody();

    public override void ExitNestedPrompt() { }

    public override void NotifyBeginApplication() { }

    public override void NotifyEndApplication() { }

    /// <summary>A job must not end the pool.</summary>
    public override void SetShouldExit(int exitCode) { }

    private sealed class WorkerUI(RunSink sink) : PSHostUserInterface
    {
        public static HostException Nobody() => new("A job runs without a user: it can't ask. Give all it needs as its data.", null, "NoUserToAsk", ErrorCategory.InvalidOperation);

        public override PSHostRawUserInterface RawUI => null!;

        public override void Write(string value) => sink.Write(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => sink.Write(value);

        public override void WriteLine(string value) => sink.WriteLine(value);

        public override void WriteErrorLine(string value) => sink.Log(JobLogLevel.Error, value);

        // These come by the streams.
        public override void WriteDebugLine(string message) { }

        public override void WriteVerboseLine(string message) { }

        public override void WriteWarningLine(string message) { }

        public override void WriteProgress(long sourceId, ProgressRecord record) { }

        public override string ReadLine() => throw Nobody();

        public override SecureString ReadLineAsSecureString() => throw Nobody();

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw Nobody();

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw Nobody();

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw Nobody();

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw Nobody();
    }
}
