using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Jobs.EngineHost;

/// <summary>The few things that pwsh's own host and cmdlets do through members that the engine does not publish.</summary>
internal static class EngineInternals
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Engine = typeof(PSObject).Assembly;

    /// <summary>Where a script run as a command says <c>exit</c>, that is the end of the process, not of the script alone.</summary>
    public static void LetExitEndTheProcess(Runspace runspace) =>
        Set(Get(runspace, "ExecutionContext")!, "ScriptCommandProcessorShouldRethrowExit", true);

    /// <summary>The runspace whose culture and events stand for the process.</summary>
    public static void SetPrimaryRunspace(Runspace runspace) =>
        typeof(Runspace).GetProperty("PrimaryRunspace", Any)!.SetValue(null, runspace);

    /// <summary>Every runspace of the process.</summary>
    public static IEnumerable<Runspace> Runspaces() =>
        (IEnumerable<Runspace>)typeof(Runspace).GetProperty("RunspaceList", Any)!.GetValue(null)!;

    /// <summary>An error record that Out-Default shows as it shows the error stream.</summary>
    public static PSObject AsErrorOutput(ErrorRecord record)
    {
        var wrapped = new PSObject(record);
        var property = typeof(PSObject).GetProperty("WriteStream", Any)!;
        property.SetValue(wrapped, Enum.Parse(property.PropertyType, "Error"));
        return wrapped;
    }

    /// <summary>Makes an error stem from the function that wrote it, not from Write-Error.</summary>
    public static void SetInvocation(ErrorRecord record, InvocationInfo invocation)
    {
        typeof(ErrorRecord).GetMethod("SetInvocationInfo", Any)!.Invoke(record, [invocation]);
        Set(record, "PreserveInvocationInfoOnce", true);
    }

    /// <summary>What ends the commands before this one in the pipeline, quietly.</summary>
    public static Exception StopUpstream(Cmdlet cmdlet) =>
        (Exception)New("System.Management.Automation.StopUpstreamCommandsException", cmdlet);

    /// <summary>A failed validation that makes the binder try another parameter at the same position.</summary>
    public static Exception TryNextParameter(string message) =>
        (Exception)New("System.Management.Automation.ValidationMetadataException", message, true);

    /// <summary>Gives one of the engine's format commands its shape: "Table" or "List".</summary>
    public static void SetShape(FrontEndCommandBase command, string shape)
    {
        var shapes = Engine.GetType("Microsoft.PowerShell.Commands.Internal.Format.FormatShape", throwOnError: true)!;
        SetImplementation(command, New("Microsoft.PowerShell.Commands.Internal.Format.InnerFormatShapeCommand", Enum.Parse(shapes, shape)));
    }

    /// <summary>Makes a command format what it gets and write the lines to a writer.</summary>
    public static void SetOutput(FrontEndCommandBase command, TextWriter writer, int width)
    {
        var inner = New("Microsoft.PowerShell.Commands.Internal.Format.OutputManagerInner");
        Set(inner, "LineOutput", New("Microsoft.PowerShell.Commands.Internal.Format.TextWriterLineOutput", writer, width));
        SetImplementation(command, inner);
    }

    private static void SetImplementation(FrontEndCommandBase command, object implementation) =>
        typeof(FrontEndCommandBase).GetField("implementation", Any)!.SetValue(command, implementation);

    private static object New(string type, params object[] arguments) =>
        Activator.CreateInstance(Engine.GetType(type, throwOnError: true)!, Any & ~BindingFlags.Static, binder: null, arguments, culture: null)!;

    private static object? Get(object target, string property) =>
        target.GetType().GetProperty(property, Any)!.GetValue(target);

    private static void Set(object target, string property, object value) =>
        target.GetType().GetProperty(property, Any)!.SetValue(target, value);
}
