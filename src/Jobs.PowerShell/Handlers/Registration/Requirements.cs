using System.Management.Automation;
using System.Management.Automation.Language;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>What a script says in <c>#Requires</c>: what it needs of PowerShell is checked at once, its modules go to the workers.</summary>
internal static class Requirements
{
    /// <exception cref="HandlerException">HandlerRequirementNotMet.</exception>
    public static HandlerOptions Apply(HandlerOptions? options, ScriptBlockAst script)
    {
        options ??= HandlerOptions.Default;
        if (script.ScriptRequirements is not { } required) return options;
        Check(required, script.Extent.File);
        // A specification with versions is kept as its text: see ModuleNames.Specification.
        return required.RequiredModules is { Count: > 0 } modules
            ? options with { Modules = [.. options.Modules.Concat(modules.Select(module => module.ToString())).Distinct()] }
            : options;
    }

    private static void Check(ScriptRequirements required, string? file)
    {
        var version = typeof(PSObject).Assembly.GetName().Version!;
        // As PowerShell itself compares: later digits play no part.
        if (required.RequiredPSVersion is { } wanted && (wanted.Major, wanted.Minor).CompareTo((version.Major, version.Minor)) > 0)
            throw NotMet(file, $"-Version {wanted}", $"this is PowerShell {version.Major}.{version.Minor}");
        if (required.RequiredPSEditions is { Count: > 0 } editions && !editions.Contains("Core", StringComparer.OrdinalIgnoreCase))
            throw NotMet(file, $"-PSEdition {string.Join(", ", editions)}", "this is PowerShell Core");
        if (required.IsElevationRequired && !Environment.IsPrivilegedProcess)
            throw NotMet(file, "-RunAsAdministrator", "this process has no administrator's rights");
    }

    private static HandlerException NotMet(string? file, string requirement, string fact) => new("HandlerRequirementNotMet", ErrorCategory.ResourceUnavailable,
        $"The handler{(file is null ? "" : $" in '{file}'")} has '#Requires {requirement}', but {fact}.", file);
}
