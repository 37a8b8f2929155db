Describe 'Stop-JobPool' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Slow { Start-Sleep -Milliseconds 500 }
        Register-JobType Long { Start-Sleep -Seconds 60 }
    }
    AfterAll { Remove-TestStore $store }

    It 'Finding_57_Completion: completes pools, and takes an id' {
        $pool = Start-JobPool -Workers 1
        $offered = (TabExpansion2 'Stop-JobPool ' 13).CompletionMatches
        $offered.CompletionText | Should -Be $pool.Id
        Stop-JobPool $pool.Id
        Get-JobPool | Should -BeNullOrEmpty
        { Stop-JobPool nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'PoolNotFound,*'
    }

    It 'waits for running jobs, and gives the others back' {
        $pool = Start-JobPool -Workers 1
        $jobs = 1..2 | New-ScheduledJob Slow
        Wait-Until { $pool.Busy }
        Stop-JobPool $pool | Should -BeNullOrEmpty
        $pool.Status | Should -Be Stopped
        ($jobs | Get-JobStatus).Status | Should -Be Finished, Queued
        (Get-JobStatus $jobs[1]).Attempts | Should -Be 0
        Get-JobPool | Should -BeNullOrEmpty
    }

    It 'stops running jobs with <Name>; they lose no retry' -ForEach @(
        @{ Name = '-Force'; Given = @{ Force = $true } }
        @{ Name = '-Timeout'; Given = @{ Timeout = 0.2 } }
    ) {
        $pool = Start-JobPool -Workers 1
        $job = New-ScheduledJob Long -Retries 1
        Wait-Until { $pool.Busy }
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        Stop-JobPool $pool @Given
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
        $job.Refresh()
        $job.Status | Should -Be Queued
        $job.Attempts | Should -Be 0
        $job.RetriesLeft | Should -Be 1
    }

    It 'does not wait with -NoWait' {
        $pool = Start-JobPool -Workers 1
        $job = New-ScheduledJob Long
        Wait-Until { $pool.Busy }
        Stop-JobPool $pool -NoWait
        Wait-Until { $pool.Status -eq 'Stopping' }
        Stop-JobPool $pool -Force
        $pool.Status | Should -Be Stopped
    }

    It 'takes pools from the pipeline, and ids' {
        $pools = 1..3 | ForEach-Object { Start-JobPool -Workers 1 }
        $pools[0..1] | Stop-JobPool
        Stop-JobPool -Id $pools[2].Id
        $pools.Status | Should -Be Stopped, Stopped, Stopped
    }

    It 'may be repeated' {
        $pool = Start-JobPool -Workers 1
        Stop-JobPool $pool
        { Stop-JobPool $pool -ErrorAction Stop } | Should -Not -Throw
    }

    It 'stops pools of other processes, by id and with -All' {
        $paths = 'one', 'two' | ForEach-Object { Join-Path $TestDrive "$_.ps1" }
        $processes = $paths | ForEach-Object { Start-TestProcess $store $_ 'Register-JobType Far { }; Start-JobPool -Wait -Workers 1; exit 5' }
        try {
            Wait-Until { @(Get-JobPool).Count -eq 2 }
            $first = Get-JobPool | Where-Object ProcessId -EQ $processes[0].Id
            Stop-JobPool -Id $first.Id
            (Get-JobPool).ProcessId | Should -Be $processes[1].Id
            $local = Start-JobPool -Workers 1
            Stop-JobPool -All
            Get-JobPool | Should -BeNullOrEmpty
            $local.Status | Should -Be Stopped
            foreach ($process in $processes) {
                $process.WaitForExit(10000) | Should -BeTrue
                $process.ExitCode | Should -Be 5
            }
        }
        finally {
            $processes | Where-Object { -not $_.HasExited } | ForEach-Object { $_.Kill() }
        }
    }

    It 'refuses an id it does not know' {
        { Stop-JobPool -Id nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'PoolNotFound*'
    }

    It 'stops nothing with -WhatIf' {
        $pool = Start-JobPool -Workers 1
        Stop-JobPool $pool -WhatIf
        Stop-JobPool -All -WhatIf
        $pool.Status | Should -Be Running
    }
}
