Describe 'Wait-JobPool' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Slow { Start-Sleep -Milliseconds 500 }
    }
    AfterAll { Remove-TestStore $store }

    It 'waits until pools have ended, with their running jobs' {
        $pools = 1..2 | ForEach-Object { Start-JobPool -Workers 1 }
        $jobs = 1..2 | New-ScheduledJob Slow
        Wait-Until { $pools[0].Busy -and $pools[1].Busy }
        $pools | Stop-JobPool -NoWait
        $pools | Wait-JobPool | Should -BeNullOrEmpty
        $pools.Status | Should -Be Stopped, Stopped
        ($jobs | Get-JobStatus).Status | Should -Be Finished, Finished
    }

    It 'takes ids' {
        $pool = Start-JobPool -Workers 1
        $null = New-ScheduledJob Slow
        Wait-Until { $pool.Busy }
        Stop-JobPool $pool -NoWait
        { Wait-JobPool -Id $pool.Id -ErrorAction Stop } | Should -Not -Throw
    }

    It 'Finding_3_Waits_that_can_not_be: a -Timeout that is none is an error, one of a century is not' {
        $pool = Start-JobPool -Workers 1 -ShutdownTimeout 36500.00:00:00
        foreach ($none in '-00:00:05', [timespan]::MaxValue) {
            { Wait-JobPool $pool -Timeout $none } | Should -Throw '*Timeout*out of range*' -ErrorId 'DurationOutOfRange*'
            { Stop-JobPool $pool -Timeout $none } | Should -Throw '*Timeout*out of range*' -ErrorId 'DurationOutOfRange*'
            { Wait-ScheduledJob (New-ScheduledJob Slow) -Timeout $none } | Should -Throw '*Timeout*out of range*' -ErrorId 'DurationOutOfRange*'
        }
        { Start-JobPool -RunFor ([timespan]::MaxValue) } | Should -Throw '*RunFor*out of range*' -ErrorId 'DurationOutOfRange*'
        { Start-JobPool -StaleTimeout 50.00:00:00 } | Should -Throw '*StaleTimeout*out of range*' -ErrorId 'DurationOutOfRange*'
        (New-ScheduledJob Slow -Timeout 36500.00:00:00 | Wait-ScheduledJob -Timeout 36500.00:00:00).Status | Should -Be Finished
        Stop-JobPool $pool -Timeout 36500.00:00:00
        Wait-JobPool $pool -Timeout 36500.00:00:00
        $pool.Status | Should -Be Stopped
    }

    It 'is an error at -Timeout' {
        $pool = Start-JobPool -Workers 1
        { Wait-JobPool $pool -Timeout 0.2 -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimedOut*'
        $pool.Status | Should -Be Running
    }

    It 'refuses an id it does not know' {
        { Wait-JobPool -Id nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'PoolNotFound*'
    }

    It 'waits for a pool of another process' {
        $process = Start-TestProcess $store (Join-Path $TestDrive 'pool.ps1') 'Register-JobType Far { }; Start-JobPool -MaxJobs 1 -Workers 1'
        try {
            Wait-Until { Get-JobPool }
            $pool = Get-JobPool
            New-ScheduledJob Far | Out-Null
            { $pool | Wait-JobPool -Timeout 20 -ErrorAction Stop } | Should -Not -Throw
            Get-JobPool | Should -BeNullOrEmpty
            $process.WaitForExit(10000) | Should -BeTrue
        }
        finally {
            if (-not $process.HasExited) { $process.Kill() }
        }
    }
}
