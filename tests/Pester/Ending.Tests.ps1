# Runs the cells of EndingCells.ps1, each as a process of its own, side by side, and looks at what became of each.
Describe 'How a process with a pool ends' {
    BeforeDiscovery {
        $cells = & (Join-Path $PSScriptRoot 'EndingCells.ps1')
    }

    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $cells = & (Join-Path $PSScriptRoot 'EndingCells.ps1')
        $store = New-TestStore
        Reset-TestStore $store

        # Ends below this are prompt: the pools' shutdown time-out, the engine's grace for handlers that do not heed their stop, and a busy machine's delays.
        $shutdown = 3
        $limit = 45

        # Each handler says that it has begun.
        $busy = [ordered]@{
            Quick    = '{ param($Mark) Set-Content $Mark $PID; Start-Sleep -Milliseconds 500 }'
            Long     = '{ param($Mark) Set-Content $Mark $PID; Start-Sleep 600 }'
            Program  = '{ param($Mark) sh -c ''sh -c "echo \$\$ > $0; exec sleep 600"; true'' $Mark }'
            Blocking = '{ param($Mark) Set-Content $Mark $PID; [System.Threading.Thread]::Sleep(600000) }'
            Process  = '-Isolation Process { param($Mark) Set-Content $Mark $PID; Start-Sleep 600 }'
        }
        if ($IsWindows) { $busy.Remove('Program') }

        function Start-Cell($Cell) {
            $Cell.Folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
            $Cell.Store = $store.Clone()
            $Cell.Store.Namespace = "test-$([guid]::NewGuid())"
            $Cell.Types = @(if ($Cell.Load -eq 'busy') { $busy.Keys } else { 'Idle' })
            $connect = foreach ($name in $Cell.Store.Keys) { "$name = $(if ($name -eq 'Local') { '$true' } else { "'$($Cell.Store[$name])'" })" }
            $lines = @(
                "`$ErrorActionPreference = 'Stop'; `$module = '$(Join-Path $PSScriptRoot '../../Jobs.psd1')'; Import-Module `$module; `$store = @{ $($connect -join '; ') }; Connect-JobStore @store"
                if ($Cell.Load -eq 'busy') { $busy.GetEnumerator() | ForEach-Object { "Register-JobType $($_.Key) $($_.Value)" } }
                else { "Register-JobType Idle { param(`$Mark) Set-Content `$Mark `$PID }" }
                "'$($Cell.Types -join "', '")' | ForEach-Object { `$null = New-ScheduledJob `$_ -Data (Join-Path '$($Cell.Folder)' `$_) }"
                if ($Cell.Mode -eq 'background') {
                    "`$null = Start-JobPool -Workers 6 -ShutdownTimeout $shutdown"
                    "while (@(Get-ChildItem '$($Cell.Folder)').Count -lt $($Cell.Types.Count)) { Start-Sleep -Milliseconds 100 }"
                    "Set-Content '$($Cell.Folder).ready' `$PID"
                    if ($Cell.ContainsKey('Ending')) { $Cell.Ending } else { 'Start-Sleep 600' }
                }
                else {
                    "Set-Content '$($Cell.Folder).ready' `$PID"
                    "`$null = Start-JobPool -Workers 6 -ShutdownTimeout $shutdown $($Cell.Mode)"
                    'exit 6'
                }
            )
            $script = "$($Cell.Folder).ps1"
            Set-Content $script $lines
            $shell = [Environment]::ProcessPath
            $start = @{ RedirectStandardOutput = "$($Cell.Folder).out"; RedirectStandardError = "$($Cell.Folder).err"; PassThru = $true }
            $command = switch ($Cell.Start) {
                'Command' { $shell, '-NoProfile', '-Command', ". '$script'; exit 8" }
                'Input' { $start.RedirectStandardInput = $script; $shell, '-NoProfile' }
                default { $shell, '-NoProfile', '-File', $script }
            }
            # On Linux in a process group of its own, and with the signals' own effects, whatever this process was started with.
            if ($Cell.Terminal) { $command = 'script', '-qec', "`"exec env --default-signal=INT,HUP,TERM $($command -join ' ')`"", '/dev/null' }
            elseif ($IsLinux) { $command = @('env', '--default-signal=INT,HUP,TERM', 'setsid') + $command }
            $Cell.Process = Start-Process -FilePath $command[0] -ArgumentList $command[1..($command.Count - 1)] @start
            # The exit code can be read only by one who held the handle before the end.
            $null = $Cell.Process.Handle
            $Cell.Since = [DateTime]::UtcNow
        }

        # Takes a cell a step further; true when it has ended.
        function Step-Cell($Cell) {
            if (-not $Cell.Ready) {
                if ($Cell.Process.HasExited -and -not (Test-Path "$($Cell.Folder).ready")) { $Cell.Problem = 'ended before its time'; return $true }
                $Cell.Ready = (Test-Path "$($Cell.Folder).ready") -and @(Get-ChildItem $Cell.Folder | Where-Object Length).Count -eq $Cell.Types.Count
                if ($Cell.Ready) {
                    $Cell.Id = [int](Get-Content "$($Cell.Folder).ready")
                    $Cell.Since = [DateTime]::UtcNow
                    if ($Cell.Terminal) { $Cell.Process.Kill() }
                    $Cell.Left = @($Cell.Signals)
                }
            }
            elseif ($Cell.Left -and $Cell.Left[0] -and (-not $Cell.Sent -or ([DateTime]::UtcNow - $Cell.Sent).TotalSeconds -gt 0.8)) {
                $signal, $Cell.Left = $Cell.Left[0], @($Cell.Left | Select-Object -Skip 1)
                # Ctrl+C reaches the whole group. By way of a shell: kill is an alias in PowerShell.
                & sh -c "kill -s $signal -- $(if ($Cell.Group -or $signal -eq 'INT') { '-' })$($Cell.Id) 2>/dev/null"
                $Cell.Sent = [DateTime]::UtcNow
            }
            $time = ([DateTime]::UtcNow - $Cell.Since).TotalSeconds
            $over = $Cell.Ready -and $Cell.Process.HasExited -and -not (Get-Process -Id $Cell.Id -ErrorAction Ignore)
            if ($over) { $Cell.Took = $time }
            elseif ($time -gt $limit) {
                $Cell.Problem = if ($Cell.Ready) { 'hangs' } else { 'does not begin' }
                if ($Cell.Id) { Stop-Process -Id $Cell.Id -Force -ErrorAction Ignore }
                if (-not $Cell.Process.HasExited) { $Cell.Process.Kill() }
                $over = $true
            }
            $over
        }

        # A few at a time: most of them only wait.
        $waiting = [System.Collections.Queue]::new(@($cells))
        $running = @()
        while ($waiting.Count -or $running) {
            while ($waiting.Count -and $running.Count -lt 12) {
                $cell = $waiting.Dequeue()
                Start-Cell $cell
                $running += $cell
            }
            Start-Sleep -Milliseconds 200
            $running = @($running | Where-Object { -not (Step-Cell $_) })
        }
        $ran = @{}
        foreach ($cell in $cells) { $ran[$cell.Name] = $cell }
        if ($env:JOBS_ENDING_REPORT) {
            $cells | ForEach-Object { [pscustomobject]@{ Mode = $_.Mode; Load = $_.Load; Way = $_.Way; Exit = $_.Process.ExitCode; Seconds = '{0:n1}' -f $_.Took; Problem = $_.Problem } } |
                ConvertTo-Json | Set-Content $env:JOBS_ENDING_REPORT
        }
    }
    AfterAll { Remove-TestStore $store }

    It 'Finding_1_6_7_9: nothing hangs, is lost, fails or costs an attempt: <Name>' -ForEach $cells {
        $cell = $ran[$Name]
        $said = "$(Get-Content "$($cell.Folder).out", "$($cell.Folder).err" -ErrorAction Ignore)"
        $cell.Problem | Should -BeNullOrEmpty -Because $said
        if ($cell.ContainsKey('ExitCode')) {
            # A script that waits for its pool goes on when SIGTERM has ended it.
            $expected = if ($cell.Mode -ne 'background' -and $cell.Signals -contains 'TERM') { 6 } else { $cell.ExitCode }
            $cell.Process.ExitCode | Should -Be $expected -Because $said
        }
        $cellStore = $cell.Store
        Connect-JobStore @cellStore
        Get-JobPool | Should -BeNullOrEmpty
        foreach ($job in Get-JobStatus) {
            $ends = $job.Type -in 'Idle', 'Quick' -and ($job.Status -eq 'Finished' -or -not $cell.AtOnce)
            "$($job.Type) $($job.Status) $($job.Attempts)" | Should -Be "$($job.Type) $(if ($ends) { 'Finished 1' } else { 'Queued 0' })"
        }
        @(Get-JobStatus).Count | Should -Be $cell.Types.Count
        foreach ($type in 'Program', 'Process') {
            $mark = Join-Path $cell.Folder $type
            if (Test-Path $mark) { Get-Process -Id (Get-Content $mark) -ErrorAction Ignore | Should -BeNullOrEmpty }
        }
    }
}

Describe 'How a process ends whose store is gone' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $shutdown = 3
    }

    # With a server of its own, that it may kill.
    It 'Finding_1_The_store_is_gone: a script ends with its own exit code: <Name>' -Skip:([bool]$env:JOBS_TEST_REDIS) -ForEach @(
        @{ Name = 'exit'; Ending = '' }
        @{ Name = 'Stop-JobPool and Disconnect-JobStore'; Ending = '$pool | Stop-JobPool; Disconnect-JobStore' }
    ) {
        $own = @{ Local = $true; DataPath = Join-Path $TestDrive ([guid]::NewGuid()) }
        $path = "$($own.DataPath).ps1"
        $process = Start-TestProcess $own $path @"
Register-JobType Quick { }
1..5000 | New-ScheduledJob Quick | Out-Null
`$pool = Start-JobPool -Workers 2 -ShutdownTimeout $shutdown
while (`$pool.Processed -lt 500) { Start-Sleep -Milliseconds 20 }
Stop-Process -Id (Get-Content '$($own.DataPath)/redis.pid') -Force
Set-Content '$path.gone' now
$Ending
exit 7
"@
        try {
            Wait-Until { (Test-Path "$path.gone") -or $process.HasExited }
            $process.WaitForExit(($shutdown + 20) * 1000) | Should -BeTrue
            $process.ExitCode | Should -Be 7 -Because "$(Get-Content "$path.out", "$path.err")"
        }
        finally { if (-not $process.HasExited) { $process.Kill() } }
    }
}
