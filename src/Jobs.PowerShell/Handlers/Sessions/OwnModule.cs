using System.Management.Automation;
using System.Reflection;

namespace Jobs.PowerShell.Handlers.Sessions;

/// <summary>
/// This module inside a worker. Imported when a handler first names one of its commands, from where this process has it: a copy beside a
/// script is found too, and a worker that never needs it does not pay for it.
/// </summary>
internal static class OwnModule
{
    private static readonly Lazy<HashSet<string>> s_commands = new(() => new(
        typeof(OwnModule).Assembly.GetExportedTypes().Select(type => type.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>().Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}"),
        StringComparer.OrdinalIgnoreCase));

    /// <summary>The manifest; the assembly where there is none.</summary>
    public static string Path { get; } = Find();

    /// <summary>Makes the module's commands known to a worker's session.</summary>
    public static void OfferTo(CommandInvocationIntrinsics commands) => commands.CommandNotFoundAction += (_, missing) =>
    {
        if (!s_commands.Value.Contains(missing.CommandName)) return;
        commands.InvokeScript("Import-Module -Name $args[0] -Global -ErrorAction Stop -Verbose:$false", false, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, Path);
        missing.Command = commands.GetCommand(missing.CommandName, CommandTypes.Cmdlet);
    };

    private static string Find()
    {
        var assembly = typeof(OwnModule).Assembly.Location;
        var manifest = System.IO.Path.GetFullPath(System.IO.Path.Join(System.IO.Path.GetDirectoryName(assembly), "..", "Jobs.psd1"));
        return File.Exists(manifest) ? manifest : assembly;
    }
}
