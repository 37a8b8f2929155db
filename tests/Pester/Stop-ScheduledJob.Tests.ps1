Describe 'Stop-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Long { try { Write-Progress 'Begun'; Start-Sleep -Seconds 60 } finally { Write-Warning 'cleaned up' } }
    }
    AfterAll { Remove-TestStore $store }

    It 'cancels jobs that wait' {
        $jobs = @(New-ScheduledJob Long) + (New-ScheduledJob Long -In 3600) + (New-ScheduledJob Long -Hold) + (New-ScheduledJob Long -Every 60)
        ($jobs | Stop-ScheduledJob -PassThru).Status | Should -Be (@('Cancelled') * 4)
        ($jobs | Get-JobStatus).Finished | Should -HaveCount 4
        Invoke-DueJob | Should -BeNullOrEmpty
    }

    It 'cancels what has come while the pipeline waits for more' {
        $jobs = 1..5 | New-ScheduledJob Long -Hold
        $stopped = & { $jobs; Wait-Until { @(Get-JobStatus -Status Cancelled).Count -eq 5 } } | Stop-ScheduledJob -PassThru
        $stopped.Id | Should -Be $jobs.Id
    }

    It 'says nothing unless it is asked' {
        New-ScheduledJob Long | Stop-ScheduledJob | Should -BeNullOrEmpty
    }

    It 'stops an executing job, whose finally block runs' {
        $null = Start-JobPool -Workers 1
        $job = New-ScheduledJob Long
        Wait-Until { (Get-JobStatus $job).Progress }
        Stop-ScheduledJob $job
        ($job | Wait-ScheduledJob -Timeout 10).Status | Should -Be Cancelled
        $job | Receive-ScheduledJob -Log -ErrorAction SilentlyContinue -ErrorVariable told 3>&1 | Should -BeLike '*cleaned up'
        $told.FullyQualifiedErrorId | Should -BeLike 'JobCancelled,*'
    }

    It 'stops a job that executes in another process' {
        $script = 'Register-JobType Far { Start-Sleep -Seconds 60 }; Start-JobPool -Wait -Workers 1'
        $process = Start-TestProcess $store (Join-Path $TestDrive 'pool.ps1') $script
        try {
            $job = New-ScheduledJob Far
            Wait-Until { (Get-JobStatus $job).Status -eq 'Executing' }
            Stop-ScheduledJob $job
            ($job | Wait-ScheduledJob -Timeout 10).Status | Should -Be Cancelled
            Get-JobPool | Stop-JobPool
            $process.WaitForExit(10000) | Should -BeTrue
        }
        finally {
            if (-not $process.HasExited) { $process.Kill() }
        }
    }

    It 'may be repeated' {
        $job = New-ScheduledJob Long
        Stop-ScheduledJob $job
        { Stop-ScheduledJob $job -ErrorAction Stop } | Should -Not -Throw
    }

    It 'refuses a job that has ended' {
        Register-JobType Quick { }
        $job = New-ScheduledJob Quick
        Invoke-DueJob | Out-Null
        { Stop-ScheduledJob $job -ErrorAction Stop } | Should -Throw -ErrorId 'JobEnded*'
        (Get-JobStatus $job).Status | Should -Be Finished
    }

    It 'cancels nothing with -WhatIf' {
        $job = New-ScheduledJob Long
        Stop-ScheduledJob $job -WhatIf
        (Get-JobStatus $job).Status | Should -Be Queued
    }

    It 'Finding_59_names_what_it_would_stop: type, status and a bit of the data with -WhatIf' {
        $jobs = 'first', ('x' * 500) | New-ScheduledJob Long
        $script = Join-Path $TestDrive 'whatif.ps1'
        $process = Start-TestProcess $store $script "'$($jobs[0].Id)', '$($jobs[1].Id)', 'nowhere' | Stop-ScheduledJob -WhatIf"
        $process.WaitForExit(60000) | Should -BeTrue
        $lines = @(Get-Content "$script.out" | Where-Object { $_ -like '*What if:*' })
        $lines | Should -HaveCount 3
        $lines[0] | Should -BeLike "*$($jobs[0].Id) (Long, Queued, ""first"")*"
        $lines[1] | Should -BeLike "*$($jobs[1].Id) (Long, Queued, ""xxx*"
        $lines[1].Length | Should -BeLessThan 250
        $lines[2] | Should -BeLike '*nowhere (not found)*'
        ($jobs | Get-JobStatus).Status | Should -Be Queued, Queued
    }

    It 'answers many at once in their order' {
        $jobs = 1..600 | New-ScheduledJob Long
        $ids = @($jobs[0..299].Id) + 'nowhere' + @($jobs[300..599].Id)
        $stopped = $ids | Stop-ScheduledJob -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue
        $stopped.Id | Should -Be $jobs.Id
        $stopped.Status | Select-Object -Unique | Should -Be Cancelled
        @($problems) | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'JobNotFound,*'
        $problems[0].TargetObject | Should -Be nowhere
    }
}
