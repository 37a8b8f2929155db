Describe 'New-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Greet { param($Name, [int] $Times = 1) "Hello $Name" * $Times }
    }
    AfterAll { Remove-TestStore $store }

    It 'emits the job, with the properties of the contract' {
        $names = 'Id', 'Type', 'Status', 'Priority', 'Queue', 'Data', 'Created', 'Due', 'Started', 'Finished', 'Duration', 'Attempts', 'RetriesLeft', 'Error',
        'Every', 'Cron', 'TimeZone', 'IsRecurring', 'PoolId', 'HostName', 'Progress', 'Timeout', 'UniqueKey'
        $job = New-ScheduledJob Greet Ann
        ($job | Get-Member -MemberType Property).Name | Where-Object { $_ -in $names } | Should -HaveCount $names.Count
        $job.Id | Should -Match '^[0-9A-HJKMNP-TV-Z]{26}$'
        $job.Type | Should -Be Greet
        $job.Status | Should -Be Queued
        $job.Priority | Should -Be 0
        $job.Queue | Should -Be default
        $job.Data | Should -Be Ann
        $job.Created | Should -BeOfType datetime
        $job.Created.Kind | Should -Be Local
        [Math]::Abs(($job.Created - (Get-Date)).TotalMinutes) | Should -BeLessThan 5
        $job.Attempts | Should -Be 0
        $job.IsRecurring | Should -BeFalse
        foreach ($name in 'Started', 'Finished', 'Duration', 'Error', 'Every', 'Cron', 'PoolId', 'HostName', 'Progress', 'Timeout', 'UniqueKey') {
            $job.$name | Should -Be $null -Because "$name has not happened"
        }
    }

    It 'makes one job of each object of the pipeline, in order' {
        $jobs = 1..250 | New-ScheduledJob Greet
        $jobs | Should -HaveCount 250
        $jobs.Data | Should -Be (1..250)
        ($jobs.Id | Sort-Object -Unique) | Should -HaveCount 250
        (Get-JobStatus -Oldest).Data | Should -Be (1..250)
    }

    It 'takes a whole collection as the data of one job when it is given by name' {
        $job = New-ScheduledJob Greet -Data 1, 2, 3
        $job | Should -HaveCount 1
        $job.Data | Should -Be 1, 2, 3
    }

    It 'splats -Parameters to the handler' {
        New-ScheduledJob Greet -Parameters @{ Name = 'Bob'; Times = 2 } | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be 'Hello BobHello Bob'
    }

    It 'offers the parameters of the handler as its own' {
        New-ScheduledJob Greet -Name Cleo -Times 2 | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be 'Hello CleoHello Cleo'
    }

    It 'schedules jobs of types that are not registered here' {
        (New-ScheduledJob Elsewhere 1).Status | Should -Be Queued
    }

    It 'waits for <Name>' -ForEach @(
        @{ Name = 'a time'; Given = @{ At = (Get-Date).AddHours(2) }; Hours = 2 }
        @{ Name = 'a time in UTC'; Given = @{ At = [datetime]::UtcNow.AddHours(2) }; Hours = 2 }
        @{ Name = 'a delay'; Given = @{ In = [timespan] '02:00:00' }; Hours = 2 }
        @{ Name = 'a delay in seconds'; Given = @{ In = 7200 }; Hours = 2 }
        @{ Name = 'no time that is past'; Given = @{ At = (Get-Date).AddHours(-2) }; Hours = 0 }
    ) {
        $job = New-ScheduledJob Greet @Given
        $job.Status | Should -Be $(if ($Hours) { 'Scheduled' } else { 'Queued' })
        if ($Hours) { [Math]::Abs(($job.Due - (Get-Date).AddHours($Hours)).TotalMinutes) | Should -BeLessThan 5 }
        $job.IsRecurring | Should -BeFalse
    }

    It 'repeats with -Every' {
        $job = New-ScheduledJob Greet -Every 01:00:00
        $job.IsRecurring | Should -BeTrue
        $job.Every | Should -Be ([timespan] '01:00:00')
        Invoke-DueJob | Out-Null
        $job.Refresh()
        $job.Status | Should -Be Scheduled
        $job.Due | Should -BeGreaterThan (Get-Date).AddMinutes(50)
    }

    It 'repeats with -Cron, in a time zone' {
        $job = New-ScheduledJob Greet -Cron '0 3 * * *' -TimeZone UTC
        $job.IsRecurring | Should -BeTrue
        $job.Cron | Should -Be '0 3 * * *'
        $job.TimeZone | Should -Be UTC
        $job.Due.ToUniversalTime().TimeOfDay | Should -Be ([timespan] '03:00:00')
    }

    It 'runs higher priorities first, and equal ones in order' {
        $jobs = 0, 5, -5, 5, 0 | ForEach-Object { New-ScheduledJob Greet -Priority $_ }
        $order = $jobs[1, 3, 0, 4, 2].Id
        (Start-JobPool -UntilEmpty -Workers 1 -BatchSize 0).Id | Should -Be $order
    }

    It 'overrides what the type says' {
        $job = New-ScheduledJob Greet -Priority 9 -Queue mail -Retries 4 -Timeout 00:01:00
        $job.Priority | Should -Be 9
        $job.Queue | Should -Be mail
        $job.RetriesLeft | Should -Be 4
        $job.Timeout | Should -Be ([timespan] '00:01:00')
    }

    It 'emits the unfinished job that has the unique key' {
        $first = New-ScheduledJob Greet -UniqueKey nightly
        $first.UniqueKey | Should -Be nightly
        (New-ScheduledJob Greet -UniqueKey nightly).Id | Should -Be $first.Id
        { New-ScheduledJob Greet -UniqueKey nightly -ErrorIfExists -ErrorAction Stop } | Should -Throw -ErrorId 'JobExists*'
        Invoke-DueJob | Out-Null
        (New-ScheduledJob Greet -UniqueKey nightly).Id | Should -Not -Be $first.Id
    }

    It 'waits for the jobs of -After' {
        $first = New-ScheduledJob Greet
        $second = $first | ForEach-Object { New-ScheduledJob Greet -After $_ }
        $second.Status | Should -Be Saved
        (Invoke-DueJob).Id | Should -Be $first.Id, $second.Id
    }

    It 'keeps a job back with -Hold' {
        $job = New-ScheduledJob Greet -Hold
        $job.Status | Should -Be Saved
        Invoke-DueJob | Should -BeNullOrEmpty
    }

    It 'stores nothing with -WhatIf' {
        1..3 | New-ScheduledJob Greet -WhatIf | Should -BeNullOrEmpty
        Get-JobStatus | Should -BeNullOrEmpty
    }

    It 'refuses <Name> and stores nothing' -ForEach @(
        @{ Name = 'a parameter that the handler lacks'; Given = @{ Parameters = @{ Nmae = 'x' } }; Id = 'UnknownParameter' }
        @{ Name = 'a value that can not be converted'; Given = @{ Parameters = @{ Times = 'often' } }; Id = 'ParameterNotConvertible' }
    ) {
        { New-ScheduledJob Greet @Given -ErrorAction Stop } | Should -Throw -ErrorId "$Id*"
        Get-JobStatus | Should -BeNullOrEmpty
    }

    It 'completes types, queues, time zones and the parameters of the handler' {
        function Get-Completion($Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        Get-Completion 'New-ScheduledJob Gr' | Should -Contain Greet
        Get-Completion 'New-ScheduledJob Greet -Ti' | Should -Contain '-Times'
        Get-Completion 'New-ScheduledJob Greet -Queue def' | Should -Contain default
        Get-Completion 'New-ScheduledJob Greet -TimeZone Europe/Zur' | Should -Contain 'Europe/Zurich'
    }
}
