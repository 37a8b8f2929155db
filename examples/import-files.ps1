<#
.SYNOPSIS
    Imports all files of a folder, thousands of them, each as a job of its own: one that is broken holds up no other, and none is imported twice.
.DESCRIPTION
    Run it as often as you like: a file that waits to be imported already is not scheduled again, and one that is imported lies in the folder 'done'.
.EXAMPLE
    ./examples/import-files.ps1 -Path ./inbox -Workers 8
#>
[CmdletBinding()]
param(
    # The folder with the files, one JSON object each.
    [Parameter(Mandatory)]
    [string] $Path,

    # How many are imported at once.
    [int] $Workers = [Environment]::ProcessorCount,

    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

$folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$null = New-Item -ItemType Directory -Force -Path (Join-Path $folder done)

Register-JobType ImportFile -Retries 1 -RetryDelay 100ms -Force {
    param([string] $Path)
    # A second attempt may find that the first one had got as far as this.
    if (-not [System.IO.File]::Exists($Path)) { return }
    $order = [System.IO.File]::ReadAllText($Path) | ConvertFrom-Json
    if ($order.amount -le 0) { throw "$(Split-Path -Leaf $Path): the amount is $($order.amount)." }
    # Storing it stands here.
    [System.IO.File]::Move($Path, (Join-Path (Split-Path $Path) 'done' (Split-Path -Leaf $Path)), $true)
}

# The key keeps a file from being scheduled twice while it waits.
[System.IO.Directory]::EnumerateFiles($folder, '*.json') | New-ScheduledJob ImportFile -UniqueKey { "import-$_" } | Out-Null

$counts = @{ Finished = 0; Failed = 0; Cancelled = 0 }
Start-JobPool -UntilEmpty -IncludeRetries -Type ImportFile -Workers $Workers | ForEach-Object {
    $counts["$($_.Status)"]++
    if ($_.Status -eq 'Failed') { Write-Warning $_.Error.Message }
}
"$($counts.Finished) imported, $($counts.Failed) failed"
