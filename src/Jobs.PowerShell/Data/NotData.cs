using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Security;

namespace Jobs.PowerShell.Data;

/// <summary>Tells data from objects that live in one process, or must not be stored.</summary>
internal static class NotData
{
    /// <summary>Why a value can't be stored, with what to pass instead; null: its members can.</summary>
    public static string? Reason(object value, PSObject? wrapper = null)
    {
        if (IsSecret(value)) return $"A {value.GetType().Name} can't be a job's data: the store would keep it for anyone to read. Fetch secrets inside the handler, with SecretManagement for instance.";
        return value switch
        {
            ScriptBlock => "A script block can't be a job's data: it belongs to its session. Register it as a job type, or pass the values it needs.",
            Delegate => "A delegate can't be a job's data: it belongs to its process.",
            Process process => Live(process, "its Id or name"),
            Stream stream => Live(stream, "the file's path, or the content as [byte[]]"),
            TextReader or TextWriter => Live(value, "the file's path, or the text"),
            Runspace or System.Management.Automation.PowerShell or PSEventManager => Live(value, "the values the handler needs"),
            Task or Thread or WaitHandle or CancellationTokenSource => Live(value, "nothing of it: a handler has a thread of its own, and $JobContext.CancellationToken"),
            CommandInfo => Live(value, "the command's name"),
            PSModuleInfo => Live(value, "the module's name, or register the type with -ImportModule"),
            ErrorRecord or Exception => Live(value, "its message as text"),
            Assembly or MemberInfo or Module => Live(value, "its name"),
            CancellationToken or IntPtr or UIntPtr => Live(value, "the values the handler needs"),
            _ => Unknown(value, wrapper),
        };
    }

    /// <summary>Whether even as output only the value's text is shown.</summary>
    public static bool HasNoMembers(object value) =>
        IsSecret(value) || value is ScriptBlock or Delegate or Stream or Task or Thread or MemberInfo or Assembly or Module or IntPtr or UIntPtr;

    public static bool IsSecret(object value) => value is SecureString or PSCredential or System.Net.NetworkCredential;

    private static string? Unknown(object value, PSObject? wrapper)
    {
        var type = value.GetType();
        if (wrapper?.TypeNames is [var name, ..] && name.StartsWith("Deserialized.", StringComparison.Ordinal)) return null;
        if (value is System.Collections.IEnumerable) return value is IDisposable && value is not System.Collections.IEnumerator ? Live(value, "the values it holds, as an array") : null;
        if (value is IDisposable) return Live(value, "the members the handler needs, as a hashtable");
        var assembly = type.Assembly.GetName().Name ?? "";
        var platform = !type.Assembly.IsDynamic && (assembly is "System" or "mscorlib" || assembly.StartsWith("System.", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.", StringComparison.Ordinal));
        return platform && !type.FullName!.StartsWith("System.Collections.", StringComparison.Ordinal)
            ? Live(value, "the members the handler needs, as a hashtable: @{ Name = $x.Name }")
            : null;
    }

    private static string Live(object value, string instead) =>
        $"A {value.GetType().FullName} can't be a job's data: it lives in its process, and a job may run elsewhere, later. Pass {instead}.";
}
