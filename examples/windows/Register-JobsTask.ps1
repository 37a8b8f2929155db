#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Registers worker.ps1 with the Windows Task Scheduler.
.EXAMPLE
    ./Register-JobsTask.ps1 -Worker C:\Jobs\worker.ps1
    Runs due jobs each minute. The last result of the task is 1 when a job has failed.
.EXAMPLE
    ./Register-JobsTask.ps1 -Worker C:\Jobs\worker.ps1 -AsService
    Keeps a pool running from the start of the machine on, and starts it again when it fails.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $Worker = (Join-Path $PSScriptRoot '..\worker.ps1'),
    [string] $TaskName = 'Background jobs',
    [string] $User = 'NT AUTHORITY\LOCAL SERVICE',
    [switch] $AsService
)

$ErrorActionPreference = 'Stop'
$pwsh = (Get-Command pwsh).Source
$Worker = (Resolve-Path $Worker).Path
$principal = New-ScheduledTaskPrincipal -UserId $User -LogonType ServiceAccount

if ($AsService) {
    $action = New-ScheduledTaskAction -Execute $pwsh -Argument "-NoProfile -NonInteractive -File `"$Worker`""
    $trigger = New-ScheduledTaskTrigger -AtStartup
    $settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit ([timespan]::Zero) -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -MultipleInstances IgnoreNew
}
else {
    $action = New-ScheduledTaskAction -Execute $pwsh -Argument "-NoProfile -NonInteractive -File `"$Worker`" -UntilEmpty"
    $trigger = New-ScheduledTaskTrigger -Once -At (Get-Date).Date -RepetitionInterval (New-TimeSpan -Minutes 1)
    $settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -StartWhenAvailable
}

if ($PSCmdlet.ShouldProcess($TaskName, 'Register scheduled task')) {
    Register-ScheduledTask -TaskName $TaskName -Action $action -Trigger $trigger -Settings $settings -Principal $principal -Force
}
