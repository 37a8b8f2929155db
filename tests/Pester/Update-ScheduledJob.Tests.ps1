Describe 'Update-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Any { }
    }
    AfterAll { Remove-TestStore $store }

    It 'moves a job to a delay or a time' {
        $job = New-ScheduledJob Any
        $job | Update-ScheduledJob -In 01:00:00 | Should -BeNullOrEmpty
        $job.Refresh()
        $job.Status | Should -Be Scheduled
        [Math]::Abs(($job.Due - (Get-Date).AddHours(1)).TotalMinutes) | Should -BeLessThan 5
        $at = (Get-Date).Date.AddDays(3)
        (Update-ScheduledJob $job -At $at -PassThru).Due | Should -Be $at
        (Update-ScheduledJob $job -At (Get-Date).AddDays(-1) -PassThru).Status | Should -Be Queued
    }

    It 'changes the priority' {
        $first, $second = 1..2 | ForEach-Object { New-ScheduledJob Any $_ }
        (Update-ScheduledJob $second.Id -Priority 10 -PassThru).Priority | Should -Be 10
        (Start-JobPool -UntilEmpty -Workers 1 -BatchSize 0).Id | Should -Be $second.Id, $first.Id
    }

    It 'moves a job to another queue' {
        $job = New-ScheduledJob Any
        Update-ScheduledJob $job -Queue mail
        Invoke-DueJob | Should -BeNullOrEmpty
        (Start-JobPool -UntilEmpty -Queue mail).Id | Should -Be $job.Id
    }

    It 'changes the rhythm of a recurring job' {
        $job = New-ScheduledJob Any -Every 3600
        $job = Update-ScheduledJob $job -Every 60 -PassThru
        $job.Every | Should -Be ([timespan] '00:01:00')
        (Update-ScheduledJob $job -Cron '30 4 * * *' -TimeZone UTC -PassThru).Cron | Should -Be '30 4 * * *'
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'nothing to change'; Given = @{}; Id = 'InvalidSchedule' }
        @{ Name = 'two times'; Given = @{ In = 1; At = Get-Date }; Id = 'InvalidSchedule' }
        @{ Name = 'a priority out of range'; Given = @{ Priority = 500001 }; Id = 'PriorityOutOfRange' }
        @{ Name = 'a cron expression that can not be read'; Given = @{ Cron = 'daily' }; Id = 'InvalidCron' }
    ) {
        $job = New-ScheduledJob Any -Every 3600
        { Update-ScheduledJob $job @Given -ErrorAction Stop } | Should -Throw -ErrorId "$Id*"
        $after = Get-JobStatus $job
        $after.Due | Should -Be $job.Due
        $after.Priority | Should -Be $job.Priority
        $after.Cron | Should -Be $null
    }

    It 'refuses a job that has ended' {
        $job = New-ScheduledJob Any
        Invoke-DueJob | Out-Null
        { Update-ScheduledJob $job -In 1 -ErrorAction Stop } | Should -Throw -ErrorId 'JobEnded*'
    }

    It 'changes nothing with -WhatIf' {
        $job = New-ScheduledJob Any
        Update-ScheduledJob $job -Priority 10 -WhatIf
        (Get-JobStatus $job).Priority | Should -Be 0
    }
}
