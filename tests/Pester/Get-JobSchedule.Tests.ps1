Describe 'Get-JobSchedule' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Report { if ($_ -eq 'bad') { throw 'no paper' } }
    }
    AfterAll { Remove-TestStore $store }

    It 'tells of each recurring job when it runs, in words' {
        $null = New-ScheduledJob Report -UniqueKey nightly -Cron '0 3 * * MON-FRI' -TimeZone Europe/Berlin
        $quarterly = New-ScheduledJob Report -Every 15m -In 60
        $null = New-ScheduledJob Report
        $schedules = Get-JobSchedule
        $schedules | Should -HaveCount 2
        $schedules[0].Id | Should -Be $quarterly.Id
        $schedules[0].UniqueKey | Should -BeNullOrEmpty
        $schedules[0].Rhythm | Should -Be 'every 15 minutes'
        $schedules[0].Next | Should -Be (Get-JobStatus $quarterly.Id).Due
        $schedules[0].Last | Should -BeNullOrEmpty
        $schedules[0].LastStatus | Should -BeNullOrEmpty
        $schedules[1].UniqueKey | Should -Be nightly
        $schedules[1].Type | Should -Be Report
        $schedules[1].Rhythm | Should -Be 'at 03:00, Monday to Friday, Europe/Berlin'
    }

    It 'tells how the last run ended' {
        $null = New-ScheduledJob Report good -UniqueKey good -Every 1h
        $null = New-ScheduledJob Report bad -UniqueKey bad -Every 1h
        Invoke-DueJob | Out-Null
        $good, $bad = Get-JobSchedule good, bad | Sort-Object UniqueKey -Descending
        $good.LastStatus | Should -Be Finished
        $good.LastError | Should -BeNullOrEmpty
        $good.Last | Should -BeGreaterThan (Get-Date).AddMinutes(-1)
        $bad.LastStatus | Should -Be Failed
        $bad.LastError.Message | Should -Be 'no paper'
        $bad.Next | Should -BeGreaterThan (Get-Date).AddMinutes(50)
    }

    It 'adds with -Next the next times' {
        $null = New-ScheduledJob Report -UniqueKey yearly -Cron '0 12 1 1 *' -TimeZone UTC
        $null = New-ScheduledJob Report -UniqueKey hourly -Every 1h -In 30m
        (Get-JobSchedule hourly).Times | Should -BeNullOrEmpty
        $hourly = Get-JobSchedule hourly -Next 3
        $hourly.Times | Should -HaveCount 3
        $hourly.Times[0] | Should -Be $hourly.Next
        ($hourly.Times[2] - $hourly.Times[0]) | Should -Be ([timespan] '02:00:00')
        (Get-JobSchedule yearly -Next 3).Times.ForEach{ $_.ToUniversalTime().ToString('MM-dd HH:mm') } | Should -Be (@('01-01 12:00') * 3)
    }

    It 'takes a retry for the next time, and the regular times after it' {
        $null = New-ScheduledJob Report bad -UniqueKey retried -Every 1h -Retries 1 -RetryDelay 10m
        Invoke-DueJob | Out-Null
        $schedule = Get-JobSchedule retried -Next 2
        $schedule.Next | Should -BeLessThan (Get-Date).AddMinutes(20)
        $schedule.Times[1] | Should -BeGreaterThan (Get-Date).AddMinutes(50)
    }

    It 'knows no next time of one that is held, and leaves out one that has ended' {
        $null = New-ScheduledJob Report -UniqueKey held -Every 1h -Hold
        New-ScheduledJob Report -UniqueKey over -Every 1h -In 60 | Stop-ScheduledJob
        $schedules = Get-JobSchedule
        $schedules.UniqueKey | Should -Be held
        $schedules.Next | Should -BeNullOrEmpty
    }

    It 'filters by key, exactly and with wildcards, and by type' {
        Register-JobType Backup { }
        'disk-a', 'disk-b', 'Disk-a' | New-ScheduledJob Backup -UniqueKey { $_ } -Every 1h -In 60 | Out-Null
        $null = New-ScheduledJob Report -UniqueKey report -Every 1h -In 60
        (Get-JobSchedule disk-a).UniqueKey | Should -BeExactly disk-a
        (Get-JobSchedule disk-*).UniqueKey | Sort-Object | Should -Be disk-a, disk-b
        ('report', 'disk-b' | Get-JobSchedule).UniqueKey | Sort-Object | Should -Be disk-b, report
        (Get-JobSchedule -Type REP*).UniqueKey | Should -Be report
        Get-JobSchedule none* | Should -BeNullOrEmpty
    }

    It 'is an error for a key that no schedule has' {
        $null = New-ScheduledJob Report -UniqueKey one -Every 1h -In 60
        (Get-JobSchedule one, two -ErrorAction SilentlyContinue -ErrorVariable problems).UniqueKey | Should -Be one
        $problems.FullyQualifiedErrorId | Should -BeLike 'ScheduleNotFound,*'
        $problems[0].TargetObject | Should -Be two
    }

    It 'goes to the cmdlets that take jobs' {
        $null = New-ScheduledJob Report -UniqueKey one -Every 1h -In 60
        (Get-JobSchedule one | Get-JobStatus).UniqueKey | Should -Be one
        Get-JobSchedule | Stop-ScheduledJob
        Get-JobSchedule | Should -BeNullOrEmpty
    }

    It 'completes keys' {
        $null = New-ScheduledJob Report -UniqueKey nightly-report -Every 1h -In 60
        (TabExpansion2 'Get-JobSchedule ni').CompletionMatches.CompletionText | Should -Be nightly-report
    }

    It 'shows them within 80 columns, with the rhythm in full' {
        $null = New-ScheduledJob Report bad -UniqueKey nightly-report -Cron '*/15 8-17 * * 1-5' -TimeZone Europe/Berlin
        $lines = (Get-JobSchedule | Out-String -Width 80) -split '\r?\n'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        ($lines -join '' -replace '\s') | Should -BeLike '*every15minutesfrom*17:45,MondaytoFriday,Europe/Berlin*'
        Get-JobSchedule -Next 2 | Out-String -Width 80 | Should -BeLike '*Times*:*'
    }
}
