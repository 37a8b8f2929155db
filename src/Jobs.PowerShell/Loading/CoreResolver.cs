using System.Reflection;
using System.Runtime.Loader;

namespace Jobs.PowerShell.Loading;

/// <summary>Answers the default load context when it asks for Jobs.Core, and for nothing else.</summary>
internal static class CoreResolver
{
    private const string Core = "Jobs.Core";
    private static readonly string Home = Path.GetDirectoryName(typeof(CoreResolver).Assembly.Location) ?? "";
    private static DependencyContext? _context;
    private static bool _hooked;

    public static void Hook()
    {
        // Beside a project that references this one, as in tests, Core lies next to us and resolves by itself.
        var dependencies = Path.Combine(Home, "dependencies");
        if (_hooked || File.Exists(Path.Combine(Home, Core + ".dll")) || !Directory.Exists(dependencies)) return;
        // One context for the process: once the runtime has bound Jobs.Core it keeps to that assembly, after a new import too.
        _context ??= new DependencyContext(dependencies);
        AssemblyLoadContext.Default.Resolving += Resolve;
        _hooked = true;
    }

    public static void Unhook()
    {
        if (!_hooked) return;
        AssemblyLoadContext.Default.Resolving -= Resolve;
        _hooked = false;
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        string.Equals(name.Name, Core, StringComparison.OrdinalIgnoreCase) ? _context?.LoadFromAssemblyName(name) : null;
}
