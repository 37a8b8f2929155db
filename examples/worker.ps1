<#
.SYNOPSIS
    Runs the jobs of this machine: all that are due, or until it is stopped.
.DESCRIPTION
    Run by cron, systemd or the Windows Task Scheduler; see the folders beside it. Change the types below to your own.
    With -UntilEmpty it runs everything that is due, then exits: 0, or 1 when a job has failed.
    Without it runs as a service: SIGTERM and Ctrl+C let the running jobs end.
.EXAMPLE
    pwsh -NoProfile -File worker.ps1 -UntilEmpty
#>
[CmdletBinding()]
param(
    # Run what is due, then exit.
    [switch] $UntilEmpty,

    # The store, as Connect-JobStore takes it; by default what JOBS_STORE says, else this machine's Redis.
    [string] $Store = $env:JOBS_STORE,

    # Prefix of the store's keys.
    [string] $Namespace = 'jobs',

    # How many jobs run at once.
    [int] $Workers = [Environment]::ProcessorCount
)

$ErrorActionPreference = 'Stop'
# Where the module is not installed, the checkout that this file lies in.
$checkout = Join-Path $PSScriptRoot '../Jobs.psd1'
Import-Module $(if (Test-Path $checkout) { $checkout } else { 'Jobs' })

$connection = @{ Namespace = $Namespace }
if ($Store) { $connection.Configuration = $Store }
Connect-JobStore @connection

# What this machine can do.
Register-JobType Cleanup -Retries 3 -Timeout 00:10:00 {
    param([string] $Path, [int] $Days = 30)
    Get-ChildItem $Path -File | Where-Object LastWriteTime -LT (Get-Date).AddDays(-$Days) | Remove-Item
}
Register-JobType Ping {
    param([string] $Text = 'pong')
    $Text
}

# Schedules of this machine; repeating them changes nothing.
New-ScheduledJob Ping -UniqueKey "ping-$([Environment]::MachineName)" -Every 01:00:00 -Queue ([Environment]::MachineName) -Force | Out-Null

$pool = @{ Workers = $Workers; Queue = 'default', [Environment]::MachineName }
if (-not $UntilEmpty) {
    Start-JobPool @pool -Wait | Out-Null
    exit 0
}

$failed = 0
Start-JobPool @pool -UntilEmpty | ForEach-Object {
    '{0:u} {1} {2} {3}' -f $_.Finished, $_.Type, $_.Id, $_.Status
    # Failed, or failed and to be tried again by a later run.
    if ($_.Error -and $_.Status -ne 'Cancelled') {
        $failed++
        "    $($_.Error.Message)"
    }
}
exit [int]($failed -gt 0)
