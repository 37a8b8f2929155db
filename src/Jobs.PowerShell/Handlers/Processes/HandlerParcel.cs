using System.Management.Automation;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.PowerShell.Handlers.Processes;

/// <summary>A handler on its way to another process.</summary>
internal sealed record HandlerParcel
{
    public required string Name { get; init; }

    public string? Text { get; init; }

    public string? File { get; init; }

    public string? Command { get; init; }

    public bool TakesArgument { get; init; }

    public JobErrorPolicy ErrorPolicy { get; init; }

    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>The captured values as CLIXML, the form in which Start-Job sends them: they may be secrets, and more than JSON has.</summary>
    public string? Using { get; init; }

    public static HandlerParcel Of(ScriptHandler handler) => new()
    {
        Name = handler.Name,
        Text = handler.Source?.Text,
        File = handler.Source?.File,
        Command = handler.Command,
        TakesArgument = handler.TakesArgument,
        ErrorPolicy = handler.Options.ErrorPolicy,
        Modules = handler.Options.Modules,
        Using = handler.Using.IsEmpty ? null : PSSerializer.Serialize(handler.Using.ToTable(), Depth),
    };

    private const int Depth = Data.JsonData.MaxDepth;
}
