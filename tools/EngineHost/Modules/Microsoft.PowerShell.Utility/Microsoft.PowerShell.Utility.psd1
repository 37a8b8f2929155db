# A stand-in: the cmdlets of pwsh's module of this name that the build, the examples and the tests use.
@{
    ModuleVersion        = '7.0.0.0'
    CompatiblePSEditions = 'Core'
    NestedModules        = '../../enginehost.dll'
    FunctionsToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-Member'
        'ConvertFrom-Json'
        'ConvertTo-Json'
        'Format-List'
        'Format-Table'
        'Get-Date'
        'Get-Member'
        'Get-Random'
        'Get-Runspace'
        'Group-Object'
        'Import-PowerShellDataFile'
        'Measure-Object'
        'New-Guid'
        'New-TimeSpan'
        'Out-File'
        'Out-String'
        'Read-Host'
        'Select-Object'
        'Select-String'
        'Set-Variable'
        'Sort-Object'
        'Start-Sleep'
        'Write-Debug'
        'Write-Error'
        'Write-Host'
        'Write-Information'
        'Write-Progress'
        'Write-Verbose'
        'Write-Warning'
    )
}
