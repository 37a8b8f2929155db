# A stand-in: the cmdlets of pwsh's module of this name that the build, the examples and the tests use.
@{
    ModuleVersion        = '7.0.0.0'
    CompatiblePSEditions = 'Core'
    NestedModules        = '../../enginehost.dll'
    FunctionsToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-Content'
        'Copy-Item'
        'Get-ChildItem'
        'Get-Content'
        'Get-Item'
        'Get-Location'
        'Get-Process'
        'Join-Path'
        'Move-Item'
        'New-Item'
        'New-PSDrive'
        'Remove-Item'
        'Remove-PSDrive'
        'Resolve-Path'
        'Set-Content'
        'Set-Item'
        'Set-Location'
        'Split-Path'
        'Start-Process'
        'Stop-Process'
        'Test-Path'
    )
}
