$ErrorActionPreference = 'Stop'

# What is being discovered or run: see Invoke-Pester.
$script:Run = $null

. $PSScriptRoot/Discovery.ps1
. $PSScriptRoot/Filter.ps1
. $PSScriptRoot/Execution.ps1
. $PSScriptRoot/TestDrive.ps1
. $PSScriptRoot/Report.ps1
. $PSScriptRoot/Text.ps1
. $PSScriptRoot/Should.ps1
. $PSScriptRoot/Operators.ps1
. $PSScriptRoot/Throw.ps1
. $PSScriptRoot/Invoke-Pester.ps1
