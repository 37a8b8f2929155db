Describe 'Suspend-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Any { }
    }
    AfterAll { Remove-TestStore $store }

    It 'keeps jobs back, with status Saved' {
        $jobs = @(New-ScheduledJob Any) + (New-ScheduledJob Any -In 3600)
        ($jobs | Suspend-ScheduledJob -PassThru).Status | Should -Be Saved, Saved
        Invoke-DueJob | Should -BeNullOrEmpty
    }

    It 'refuses a job that has ended' {
        $job = New-ScheduledJob Any
        Invoke-DueJob | Out-Null
        { Suspend-ScheduledJob $job -ErrorAction Stop } | Should -Throw -ErrorId 'JobEnded*'
    }

    It 'suspends nothing with -WhatIf' {
        $job = New-ScheduledJob Any
        Suspend-ScheduledJob $job -WhatIf
        (Get-JobStatus $job).Status | Should -Be Queued
    }
}
