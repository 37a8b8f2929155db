<#
.SYNOPSIS
    Backs folders up each night: every folder a job of its own, with retries, and a summary when all have come to an end.
.DESCRIPTION
    Run it at deployment: it declares the schedule, once however often it runs. A worker that registers the same types runs it; with -Now this script does, at once.
.EXAMPLE
    ./examples/nightly-backup.ps1 -Path C:\data, C:\www -Target D:\backup
.EXAMPLE
    ./examples/nightly-backup.ps1 -Path ~/docs -Target /tmp/backup -Now
    Does not wait for the night.
#>
[CmdletBinding()]
param(
    # Folders to back up.
    [Parameter(Mandatory)]
    [string[]] $Path,

    # The folder that the archives go to.
    [Parameter(Mandatory)]
    [string] $Target,

    # Backs up now, too, and shows the summary.
    [switch] $Now,

    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

Register-JobType BackupFolder -Retries 3 -RetryDelay 5s -Timeout 2h -MaxConcurrency 2 -Force {
    param([string] $Path, [string] $Target)
    if (-not (Test-Path $Path)) { throw "There is no folder '$Path'." }
    $null = New-Item -ItemType Directory -Force -Path $Target
    $archive = Join-Path $Target "$(Split-Path -Leaf $Path)-$(Get-Date -Format yyyyMMdd-HHmmss)-$($JobContext.Id).zip"
    [System.IO.Compression.ZipFile]::CreateFromDirectory($Path, $archive)
    [pscustomobject]@{ Path = $Path; Archive = $archive; Bytes = (Get-Item $archive).Length }
}

# Runs whatever became of the backups. $JobContext.Parents has how they ended, and what they put out.
Register-JobType BackupSummary -Force {
    $failed = @($JobContext.Parents | Where-Object Status -NE Finished)
    $bytes = ($JobContext.Parents.Output | Measure-Object Bytes -Sum).Sum
    "$($JobContext.Parents.Count - $failed.Count) folders, $([int] $bytes) bytes; $($failed.Count) failed"
    # Here a mail would be sent. An error makes the night's failure a job that failed, to be found with Get-JobStatus -Status Failed.
    if ($failed) { throw "Backups failed: $($failed.Id -join ', ')" }
}

# What the schedule runs: a job for each folder, and the summary after all of them.
Register-JobType NightlyBackup -Force {
    param([string[]] $Path, [string] $Target)
    $jobs = $Path | ForEach-Object { New-ScheduledJob BackupFolder -Parameters @{ Path = $_; Target = $Target } }
    (New-ScheduledJob BackupSummary -After $jobs -AfterAny).Id
}

$folders = @{
    Path   = @($Path | ForEach-Object { $PSCmdlet.GetUnresolvedProviderPathFromPSPath($_) })
    Target = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Target)
}
$null = New-ScheduledJob NightlyBackup -Parameters $folders -UniqueKey nightly-backup -Cron '0 3 * * *' -Missed RunOnce -Force
Get-JobSchedule nightly-backup

if ($Now) {
    $night = New-ScheduledJob NightlyBackup -Parameters $folders
    $null = Start-JobPool -UntilEmpty -IncludeRetries
    $night | Receive-ScheduledJob | Get-JobStatus
}
