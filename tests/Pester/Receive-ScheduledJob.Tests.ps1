Describe 'Receive-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    It 'emits what the handler put out, as often as it is asked' {
        Register-JobType Objects { 1; 'two'; [pscustomobject]@{ Name = 'three'; Values = 1, 2 } }
        $job = New-ScheduledJob Objects
        Invoke-DueJob | Out-Null
        foreach ($turn in 1, 2) {
            $output = $job | Receive-ScheduledJob
            $output | Should -HaveCount 3
            $output[0..1] | Should -Be 1, 'two'
            $output[2].Name | Should -Be three
            $output[2].Values | Should -Be 1, 2
        }
    }

    It 'emits nothing for a job that has not run' {
        New-ScheduledJob Any | Receive-ScheduledJob | Should -BeNullOrEmpty
    }

    It 'waits with -Wait for the end' {
        Register-JobType Slow { Start-Sleep -Milliseconds 300; 'late' }
        $job = New-ScheduledJob Slow
        $null = Start-JobPool -Workers 1
        $job | Receive-ScheduledJob -Wait | Should -Be late
    }

    It 'replays with -Log all streams, with their times' {
        Register-JobType Talk -ErrorPolicy Continue {
            $VerbosePreference = $DebugPreference = 'Continue'
            Write-Verbose 'in detail'
            Write-Debug 'in depth'
            Write-Warning 'take care'
            Write-Information 'to know'
            Write-Host 'to see'
            Write-Error 'it broke'
            'output'
        }
        $job = New-ScheduledJob Talk
        Invoke-DueJob | Out-Null
        $streams = & {
            $DebugPreference = 'Continue'
            Receive-ScheduledJob $job.Id -Log -Verbose -WarningAction Continue -ErrorAction Continue *>&1
        }
        $found = foreach ($item in $streams) { "$($item.GetType().Name): $item" -replace '\d\d:\d\d:\d\d\.\d{3} ', 'T ' }
        $found | Should -Be @(
            'VerboseRecord: T in detail'
            'DebugRecord: T in depth'
            'WarningRecord: T take care'
            'InformationRecord: T to know'
            'InformationRecord: T to see'
            'InformationRecord: T it broke (error)'
            'String: output'
        )
    }

    It 'reports the failure of a job as an error' {
        Register-JobType Bad { throw 'It broke.' }
        $job = New-ScheduledJob Bad
        Invoke-DueJob | Out-Null
        $job | Receive-ScheduledJob -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobFailed,*'
        $problems[0].Exception.Message | Should -BeLike "*$($job.Id)*Bad*It broke."
    }

    It 'Finding_21_A_failure_is_told: once, with -Log too' {
        Register-JobType Bad { Write-Warning 'first'; Write-Error 'It broke.' }
        $job = New-ScheduledJob Bad
        Invoke-DueJob | Out-Null
        $job | Receive-ScheduledJob -Log -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction SilentlyContinue 6> $null
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'JobFailed,*'
        $problems[0].Exception.Message | Should -BeLike '*It broke.'
    }

    It 'Finding_21_Finished_is_no_error: whatever a program wrote to its error stream' -Skip:$IsWindows {
        Register-JobType News { /bin/sh -c 'echo news >&2'; 'done' }
        $job = New-ScheduledJob News
        Invoke-DueJob | Out-Null
        $job | Receive-ScheduledJob -Log -ErrorAction Stop -InformationVariable told 6> $null | Should -Be done
        "$told" | Should -BeLike '* news (error)'
    }

    It 'Finding_33_A_cancelled_job_is_an_error: that says so' {
        $job = New-ScheduledJob Any
        $job | Stop-ScheduledJob
        $job | Receive-ScheduledJob -Wait -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobCancelled,*'
        $problems[0].Exception.Message | Should -BeLike "*$($job.Id)*Any was cancelled*"
    }

    It 'shows escape sequences of a log as text' {
        Register-JobType Escape { Write-Warning "$([char] 27)[2Jcleared" }
        $job = New-ScheduledJob Escape
        Invoke-DueJob | Out-Null
        $job | Receive-ScheduledJob -Log 3>&1 | Should -BeLike '* \u001b[[]2Jcleared'
    }

    It 'replays with -Tail the end of the log only' {
        Register-JobType Count { 1..5 | ForEach-Object { Write-Host "line $_" }; 'output' }
        $job = New-ScheduledJob Count
        Invoke-DueJob | Out-Null
        $job | Receive-ScheduledJob -Log -Tail 2 -InformationVariable told 6> $null | Should -Be output
        $told.ForEach{ "$_" -replace '^\S+ ' } | Should -Be 'line 4', 'line 5'
        $job | Receive-ScheduledJob -Tail 0 -InformationVariable told 6> $null | Should -Be output
        $told | Should -BeNullOrEmpty
        $job | Receive-ScheduledJob -Tail 99 -InformationVariable told 6> $null | Should -Be output
        $told | Should -HaveCount 5
        { $job | Receive-ScheduledJob -Tail -1 } | Should -Throw
    }

    It 'replays with -Follow what is logged until the job has ended' {
        $sign = Join-Path $TestDrive 'go on'
        Register-JobType Slow { Write-Host before; while (-not (Test-Path $using:sign)) { Start-Sleep -Milliseconds 20 }; Write-Host after; 'output' }
        $null = Start-JobPool -Workers 1
        $job = New-ScheduledJob Slow
        # The first line is what lets the handler go on: it has been seen while the job ran.
        $seen = $job | Receive-ScheduledJob -Follow 6>&1 | ForEach-Object {
            if ("$_" -like '* before') { Set-Content $sign 'go' }
            "$_" -replace '^[0-9:.]+ '
        }
        $seen | Should -Be before, after, output
    }

    It 'follows, with -Tail 0, only what comes from then on, and tells of a failure' {
        Register-JobType Again -Retries 1 -RetryDelay 0 { Write-Host "attempt $($JobContext.Attempt)"; throw 'no' }
        $job = New-ScheduledJob Again
        Start-JobPool -Workers 1 -MaxJobs 1 | Out-Null
        $null = Start-JobPool -Workers 1
        $seen = $job | Receive-ScheduledJob -Follow -Tail 0 -ErrorAction SilentlyContinue -ErrorVariable problems 6>&1
        "$seen" | Should -Not -BeLike '*attempt 1*'
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobFailed,*'
    }
}
