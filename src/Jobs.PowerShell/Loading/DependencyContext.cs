using System.Reflection;
using System.Runtime.Loader;

namespace Jobs.PowerShell.Loading;

/// <summary>Holds Jobs.Core and what it needs apart from the user's session, where other versions may be loaded.</summary>
internal sealed class DependencyContext(string folder) : AssemblyLoadContext("Jobs")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
