<#
.SYNOPSIS
    Jobs as a user of PowerShell has it: the module, its cmdlets, script blocks as handlers.
#>
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../Jobs.psd1"

$session = @{ Settings = $null; Pool = $null }
$stop = {
    if ($session.Pool) { $session.Pool | Stop-JobPool }
}
$close = {
    & $stop
    if ($session.Settings) { Disconnect-JobStore }
    $session.Pool = $session.Settings = $null
}
# Handlers run in runspaces of their own, and this is how one tells the driver that it has begun.
$begun = [Collections.Concurrent.BlockingCollection[long]]::new()
[AppDomain]::CurrentDomain.SetData('begun', $begun)

& "$PSScriptRoot/../Protocol/serve.ps1" -Version "Jobs $((Get-Module Jobs).Version)" -Operations @{
    open = {
        param($request)
        & $close
        $kept = if ($request.keep -ge 0) { @{ MaxHistory = $request.keep } } else { @{} }
        Connect-JobStore $request.redis -Namespace $request.name @kept
        $handler = if ($request.signals) {
            { $now = [Diagnostics.Stopwatch]::GetTimestamp(); [AppDomain]::CurrentDomain.GetData('begun').Add($now) }
        }
        elseif ($request.script) { [scriptblock]::Create($request.script) }
        elseif ($request.milliseconds) { [scriptblock]::Create("Start-Sleep -Milliseconds $($request.milliseconds)") }
        else { { } }
        Register-JobType work $handler -Force
        $session.Settings = $request
    }
    schedule = {
        param($request)
        $due = if ($request.delay) { @{ In = $request.delay } } else { @{} }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        if ($request.oneByOne) {
            for ($i = 0; $i -lt $request.count; $i++) { $null = New-ScheduledJob work $i @due }
        }
        else {
            $null = 1..$request.count | New-ScheduledJob work @due
        }
        @{ seconds = $watch.Elapsed.TotalSeconds }
    }
    start = { $session.Pool = Start-JobPool -Workers $session.Settings.workers }
    ended = { @{ count = $session.Pool.Processed } }
    pickUp = {
        param($request)
        $times = for ($i = 0; $i -lt $request.count; $i++) {
            $start = [Diagnostics.Stopwatch]::GetTimestamp()
            $null = New-ScheduledJob work $i
            [Diagnostics.Stopwatch]::GetElapsedTime($start, $begun.Take()).TotalMicroseconds
            Start-Sleep -Milliseconds 10
        }
        @{ microseconds = @($times) }
    }
    stop = $stop
    close = $close
}
