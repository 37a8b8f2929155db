<#
.SYNOPSIS
    What PowerShell itself offers for many small tasks. Neither keeps anything: there is no queue, and start runs all that was scheduled.
#>
param([Parameter(Mandatory)] [ValidateSet('ForEach-Object -Parallel', 'Start-ThreadJob')] [string] $Command)

$ErrorActionPreference = 'Stop'
$queue = @{ Workers = 1; Waiting = 0; Ended = 0 }
$run = switch ($Command) {
    'ForEach-Object -Parallel' { { 1..$queue.Waiting | ForEach-Object -Parallel { } -ThrottleLimit $queue.Workers } }
    'Start-ThreadJob' {
        { 1..$queue.Waiting | ForEach-Object { Start-ThreadJob { } -ThrottleLimit $queue.Workers } | Receive-Job -Wait -AutoRemoveJob }
    }
}
$null = Get-Command $Command.Split()[0]

& "$PSScriptRoot/../../Protocol/serve.ps1" -Version $Command -Operations @{
    open = { param($request) $queue.Workers = $request.workers; $queue.Waiting = $queue.Ended = 0 }
    schedule = { param($request) $queue.Waiting += $request.count; @{ seconds = 0 } }
    start = { $null = & $run; $queue.Ended = $queue.Waiting }
    ended = { @{ count = $queue.Ended } }
    stop = { }
    close = { }
}
