<#
.SYNOPSIS
    Restarts servers a few at a time. When one does not come back, the rest are left alone.
.EXAMPLE
    ./examples/rolling-restart.ps1 -Server web1, web2, web3, web4 -AtOnce 2
#>
[CmdletBinding()]
param(
    # The servers, in the order in which they are restarted.
    [Parameter(Mandatory)]
    [string[]] $Server,

    # How many are restarted at once.
    [int] $AtOnce = 1,

    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

# Never more than so many at once, over all pools, even if this script is run twice at a time; and each try may take ten minutes.
Register-JobType RestartServer -MaxConcurrency $AtOnce -Timeout 10m -Retries 1 -RetryDelay 100ms -Force {
    param([string] $Server)
    Write-Host "Restarting $Server"
    # The restart stands here, such as Restart-Computer $Server -Wait -For PowerShell; then a look whether it is well.
    if ($Server -like '*broken*') { throw "$Server has not come back." }
    "$Server is back."
}

# Each group begins when all of the one before have finished. If one of those fails, the jobs after it are cancelled, and so on to the end.
$jobs = @()
$before = @()
for ($i = 0; $i -lt $Server.Count; $i += $AtOnce) {
    $group = $Server[$i..([math]::Min($i + $AtOnce, $Server.Count) - 1)]
    $after = if ($before) { @{ After = $before } } else { @{} }
    $before = @($group | New-ScheduledJob RestartServer -UniqueKey { "restart-$_" } @after)
    $jobs += $before
}

$pool = Start-JobPool -Workers $AtOnce -Type RestartServer
try {
    $jobs | Wait-ScheduledJob -ErrorOnFailure
}
finally {
    Stop-JobPool $pool
}
