using System.Reflection;
using System.Runtime.Loader;
using Jobs.PowerShell.Handlers.Registration;

namespace Jobs.Tests.PowerShell;

/// <summary>PowerShell looks at the cmdlet assembly's types before the engine's assembly can be loaded.</summary>
public sealed class ModuleLoadingTests
{
    private sealed class WithoutCore() : AssemblyLoadContext("without core", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == "Jobs.Core" ? throw new FileNotFoundException("Not yet.") : null;
    }

    [Fact]
    public void The_cmdlet_assembly_shows_its_types_without_the_engine()
    {
        var context = new WithoutCore();
        try
        {
            var assembly = context.LoadFromAssemblyPath(typeof(ScriptHandler).Assembly.Location);
            foreach (var type in assembly.GetTypes()) Assert.NotNull(type.GetInterfaces());
        }
        finally
        {
            context.Unload();
        }
    }
}
