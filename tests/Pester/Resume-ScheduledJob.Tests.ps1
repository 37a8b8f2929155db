Describe 'Resume-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Any { }
    }
    AfterAll { Remove-TestStore $store }

    It 'releases held jobs to where they belong' {
        $jobs = @(New-ScheduledJob Any -Hold) + (New-ScheduledJob Any -Hold -In 3600)
        ($jobs | Resume-ScheduledJob -PassThru).Status | Should -Be Queued, Scheduled
        (Invoke-DueJob).Id | Should -Be $jobs[0].Id
    }

    It 'refuses a job that has ended' {
        $job = New-ScheduledJob Any
        Stop-ScheduledJob $job
        { Resume-ScheduledJob $job -ErrorAction Stop } | Should -Throw -ErrorId 'JobEnded*'
    }

    It 'releases nothing with -WhatIf' {
        $job = New-ScheduledJob Any -Hold
        Resume-ScheduledJob $job -WhatIf
        (Get-JobStatus $job).Status | Should -Be Saved
    }
}
