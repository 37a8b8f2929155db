using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>Module names as a worker can import them: it does not stand where the user stood.</summary>
internal static class ModuleNames
{
    /// <summary>Makes paths absolute; leaves names as they are.</summary>
    public static IReadOnlyList<string> Resolve(IEnumerable<string>? names, SessionState session) => [.. (names ?? []).Select(name =>
        name.AsSpan().IndexOfAny('/', '\\') >= 0 || Path.IsPathRooted(name) || name.StartsWith('.')
            ? session.Path.GetUnresolvedProviderPathFromPSPath(name)
            : name)];

    /// <summary>Imports what <see cref="Specification"/> gives.</summary>
    public const string ImportScript = "param($jobModule, $jobScope = 'Global') if ($jobModule -is [string]) { Import-Module -Name $jobModule -Scope $jobScope -ErrorAction Stop } else { Import-Module -FullyQualifiedName $jobModule -Scope $jobScope -ErrorAction Stop }";

    /// <summary>A module's name or path, or the specification that <c>#Requires</c> gave: it is kept as text, which goes to other processes too.</summary>
    public static object Specification(string module) =>
        module.StartsWith("@{", StringComparison.Ordinal) && ModuleSpecification.TryParse(module, out var specification) ? specification : module;

    /// <summary>The module of a command: by its manifest, so that it is the very same version.</summary>
    public static string Of(PSModuleInfo module)
    {
        var home = Path.GetDirectoryName(typeof(PSObject).Assembly.Location);
        var manifest = Path.Join(module.ModuleBase, module.Name + ".psd1");
        if (home is not null && module.ModuleBase.StartsWith(home, StringComparison.OrdinalIgnoreCase)) return module.Name;
        return File.Exists(manifest) ? manifest : string.IsNullOrEmpty(module.Path) ? module.Name : module.Path;
    }
}
