<#
.SYNOPSIS
    Runs the jobs of this machine: all that are due, or until it is stopped.
.DESCRIPTION
    Run by cron, systemd or the Windows Task Scheduler; see the folders beside it. Change the types below to your own.
    With -UntilEmpty it runs everything that is due, then exits: 0, or 1 when a job has failed.
    Without it runs as a service: SIGTERM and Ctrl+C let the running jobs end, and it exits with 0; a job that fails is no failure of the service.
    What it could not do at all, such as reach the store, is an error, and it exits with 1.
    Each job that ends is a line with its time, in the output, which cron mails and systemd keeps, or with -Log in a file.
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
    [int] $Workers = [Environment]::ProcessorCount,

    # A file that lines are appended to; by default they are put out.
    [string] $Log
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

function Write-Log([string] $Line) {
    $Line = '{0:yyyy-MM-dd HH:mm:ss} {1}' -f (Get-Date), $Line
    if ($Log) { [System.IO.File]::AppendAllText($Log, $Line + [Environment]::NewLine) } else { $Line }
}

$pool = @{ Workers = $Workers; Queue = 'default', [Environment]::MachineName }
$until = if ($UntilEmpty) { @{ UntilEmpty = $true } } else { @{ Wait = $true } }
if ($Log) { $Log = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Log) }
$done = $failed = 0
# A warning of the pool, such as a store that is out of reach, is a line, too.
Start-JobPool @pool @until 3>&1 | ForEach-Object {
    if ($_ -is [System.Management.Automation.WarningRecord]) { return Write-Log "warning: $_" }
    $done++
    $took = if ($_.Duration) { '{0:n1} s' -f $_.Duration.TotalSeconds } else { '-' }
    # Failed, or failed and to be tried again.
    $reason = if ($_.Error -and $_.Status -ne 'Finished') { ": $($_.Error.Message -replace '\s+', ' ')" }
    if ($reason -and $_.Status -ne 'Cancelled') { $failed++ }
    Write-Log "$($_.Status) $($_.Type) $($_.Id) $took$reason"
}
if (-not $UntilEmpty -or $done) { Write-Log "$done jobs, $failed of them failed." }
exit [int]($UntilEmpty -and $failed -gt 0)
