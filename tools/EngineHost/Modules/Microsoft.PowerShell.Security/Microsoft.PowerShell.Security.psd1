# A stand-in: the cmdlets of pwsh's module of this name that the build, the examples and the tests use.
@{
    ModuleVersion        = '7.0.0.0'
    CompatiblePSEditions = 'Core'
    NestedModules        = '../../enginehost.dll'
    FunctionsToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'ConvertTo-SecureString'
    )
}
