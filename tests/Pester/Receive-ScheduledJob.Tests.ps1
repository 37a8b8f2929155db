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
}
