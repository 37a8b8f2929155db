# Runs Pester tests in this process, and leaves their totals in a file for the one that started it.
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $ReportPath
)

$ErrorActionPreference = 'Stop'
try {
    Import-Module Pester -MinimumVersion 5.0
}
catch {
    throw 'Pester 5 or later is needed: Install-PSResource Pester'
}

$run = Invoke-Pester -Path $Path -Output Detailed -PassThru
@{
    Passed  = $run.PassedCount
    Failed  = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
    Skipped = $run.SkippedCount
} | ConvertTo-Json | Set-Content $ReportPath
