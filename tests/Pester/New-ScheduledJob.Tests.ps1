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

    It 'schedules what has come while the pipeline waits for more, and emits it with the next' {
        $jobs = & { 1..5; Wait-Until { @(Get-JobStatus -Type Greet).Count -eq 5 }; 6..1200; Wait-Until { @(Get-JobStatus -Type Greet).Count -eq 1200 } -Seconds 60; 1201 } | New-ScheduledJob Greet
        $jobs.Data | Should -Be (1..1201)
        (Get-JobStatus -Type Greet -Oldest).Data | Should -Be (1..1201)
    }

    It 'tells of what could not be scheduled while the pipeline waited' {
        $given = New-ScheduledJob Greet -UniqueKey b
        $jobs = & { 'a', 'b', 'c'; Wait-Until { (Get-JobStatus).UniqueKey -eq 'c' } } |
            New-ScheduledJob Greet -UniqueKey { $_ } -ErrorIfExists -ErrorAction SilentlyContinue -ErrorVariable refused
        $jobs.Data | Should -Be a, c
        $refused.FullyQualifiedErrorId | Should -BeLike 'JobExists,*'
        $refused.TargetObject | Should -Be $given.Id
    }

    It 'Finding_12_DelayBind: binds -UniqueKey, -Queue, -Priority, -At and -In to each object, by script block' {
        $jobs = 'a', 'b', 'a' | New-ScheduledJob Greet -UniqueKey { "greet-$_" } -Queue { "q-$_" } -Priority { $_.Length } -In { '1h' }
        $jobs.UniqueKey | Should -Be greet-a, greet-b, greet-a
        $jobs[2].Id | Should -Be $jobs[0].Id
        $jobs.Queue | Should -Be q-a, q-b, q-a
        $jobs.Priority | Should -Be 1, 1, 1
        $jobs.Data | Should -Be a, b, a
        ($jobs[1].Due - $jobs[1].Created).TotalMinutes | Should -Be 60
        (1, 2 | New-ScheduledJob Greet -At { (Get-Date).Date.AddYears($_) }).Due | Should -Be ((Get-Date).Date.AddYears(1), (Get-Date).Date.AddYears(2))
        (1, 2 | New-ScheduledJob Greet -UniqueKey { "forced-$_" } -Force).UniqueKey | Should -Be forced-1, forced-2
    }

    It 'Finding_12_ByPropertyName: binds them by property name' {
        # As Import-Csv gives them.
        $rows = [pscustomobject] @{ Name = 'Ann'; UniqueKey = 'k1'; Queue = 'slow'; Priority = '5'; In = '90' },
        [pscustomobject] @{ Name = 'Bob'; UniqueKey = 'k2'; Queue = 'fast'; Priority = '-5'; In = '1h30m' }
        $jobs = $rows | New-ScheduledJob Greet
        $jobs.UniqueKey | Should -Be k1, k2
        $jobs.Queue | Should -Be slow, fast
        $jobs.Priority | Should -Be 5, -5
        ($jobs | ForEach-Object { ($_.Due - $_.Created).TotalSeconds }) | Should -Be 90, 5400
        $jobs.Data.Name | Should -Be Ann, Bob
        # What is said in the call counts for all.
        ($rows | New-ScheduledJob Greet -Priority 7 -UniqueKey { "x$($_.Name)" }).Priority | Should -Be 7, 7
        # A job has these properties too, without a key.
        (New-ScheduledJob Greet -Queue slow | New-ScheduledJob Greet).UniqueKey | Should -BeNullOrEmpty
    }

    Context 'rows of a table' {
        BeforeEach {
            Register-JobType Save -Force { param([Parameter(Mandatory)] [Alias('Host')] [string] $Server, [string] $Path = '/', [int] $Days = 30) "$Server $Path $Days" }
            Register-JobType Loose -Force { param([string] $Server, [int] $Days = 30) "$Server $Days" }
        }

        It 'binds the properties that are named as the handler''s parameters, and no others: <Type>' -ForEach @(@{ Type = 'Save' }, @{ Type = 'Loose' }) {
            $row = [pscustomobject]@{ Server = 'web1'; Days = '7'; Comment = 'none'; Priority = '5'; UniqueKey = 'save-web1'; Queue = 'slow'; At = '03:00' }
            $job = $row | New-ScheduledJob $Type
            $job.Data.Keys | Sort-Object | Should -Be Days, Server
            $job.Data.Server | Should -Be web1
            "$($job.Data.Days)" | Should -Be 7
            $job.Priority | Should -Be 5
            $job.UniqueKey | Should -Be save-web1
            $job.Queue | Should -Be slow
            $job.Due.ToString('HH:mm') | Should -Be '03:00'
        }

        It 'binds aliases, and takes an object for the data where no property is a parameter''s' {
            ([pscustomobject]@{ Host = 'web1' } | New-ScheduledJob Save).Data.Server | Should -Be web1
            $job = [pscustomobject]@{ Name = 'web1' } | New-ScheduledJob Loose
            $job.Data.Name | Should -Be web1
            (@{ Server = 'web1' } | New-ScheduledJob Loose).Data.Server | Should -Be web1
            'web1' | New-ScheduledJob Save | ForEach-Object Data | Should -Be web1
        }

        It 'takes what the call gives for all of them, and script blocks, before properties' {
            $row = [pscustomobject]@{ Server = 'web1'; Days = '7' }
            ($row | New-ScheduledJob Save -Days 99).Data.Days | Should -Be 99
            $job = $row | New-ScheduledJob Save -Path { "/$($_.Server)" }
            $job.Data.Path | Should -Be /web1
            $job.Data.Days | Should -Be 7
            (1..2 | New-ScheduledJob Save -Server { "web$_" }).ForEach{ $_.Data.Server } | Should -Be web1, web2
        }

        It 'takes an empty cell for nothing: <Type>' -ForEach @(@{ Type = 'Save' }, @{ Type = 'Loose' }) {
            $job = [pscustomobject]@{ Server = 'web1'; Days = ''; Priority = ''; Queue = ''; At = ''; In = '' } | New-ScheduledJob $Type
            $job.Data.Keys | Should -Be Server
            $job.Priority | Should -Be 0
            $job.Queue | Should -Be default
            { New-ScheduledJob $Type x -Queue '' } | Should -Throw -ErrorId 'InvalidSchedule,*'
        }

        It 'schedules the others where rows are bad, each of which is an error that names it' {
            $rows = foreach ($i in 1..1000) { [pscustomobject]@{ Server = "web$i"; Days = '7'; Queue = ''; Priority = ''; At = '' } }
            $rows[99].Days = 'many'
            $rows[199].Queue = 'no queue!'
            $rows[299].Priority = 'high'
            $rows[399].Priority = '1000000'
            $rows[499].Server = ''
            $rows[599].At = 'soon'
            $jobs = $rows | New-ScheduledJob Save -ErrorAction SilentlyContinue -ErrorVariable problems
            $jobs | Should -HaveCount 994
            $problems | Should -HaveCount 6
            foreach ($index in 99, 199, 299, 399, 499, 599) {
                $problems.Where{ [object]::ReferenceEquals($_.TargetObject, $rows[$index]) } | Should -HaveCount 1 -Because "row $index is told"
            }
            ($problems | Where-Object FullyQualifiedErrorId -Like 'ParameterNotConvertible,*')[0].ToString() | Should -BeLike "@{Server=web100; *: Job type 'Save' can't take 'many'*"
            ($problems | Where-Object FullyQualifiedErrorId -Like 'InvalidName,*').ToString() | Should -BeLike '@{Server=web200; *no queue!*'
        }

        It 'takes a file of 1,000 rows' -Skip:(-not (Get-Command Import-Csv -ErrorAction Ignore)) {
            $file = Join-Path $TestDrive servers.csv
            Set-Content $file (@('Server,Days,UniqueKey') + (1..1000).ForEach{ "web$_,$($_ % 30),save-$_" })
            $jobs = Import-Csv $file | New-ScheduledJob Save
            $jobs | Should -HaveCount 1000
            $jobs[999].UniqueKey | Should -Be save-1000
            $jobs[29].Data.Server | Should -Be web30
        }

        It 'refuses -Data beside the handler''s parameters' {
            { New-ScheduledJob Save -Data 1 -Server web1 } | Should -Throw -ErrorId 'InvalidSchedule,*'
        }
    }

    It 'Finding_12_Errors: goes on after an object that says something wrong' {
        $rows = [pscustomobject]@{ Priority = 1 }, [pscustomobject]@{ Priority = 9999999 }, [pscustomobject]@{ Queue = 'a b' }, [pscustomobject]@{ UniqueKey = '' }, [pscustomobject]@{ At = Get-Date; In = 5 }, [pscustomobject]@{ Priority = 2 }
        $jobs = $rows | New-ScheduledJob Greet -ErrorAction SilentlyContinue -ErrorVariable problems
        $jobs.Priority | Should -Be 1, 2
        ($problems.FullyQualifiedErrorId -replace ',.*') | Sort-Object | Should -Be InvalidName, InvalidName, InvalidSchedule, PriorityOutOfRange
        { New-ScheduledJob Greet -UniqueKey $null } | Should -Throw -ErrorId 'InvalidSchedule,*'
        { New-ScheduledJob Greet -In $null } | Should -Throw -ErrorId 'InvalidSchedule,*'
        { 1 | New-ScheduledJob Greet -Force -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSchedule,*'
    }

    It 'Finding_15_Durations: takes <Text> for <Seconds> s' -ForEach @(
        @{ Given = '90'; Text = "'90'"; Seconds = 90 }
        @{ Given = [float] 90; Text = '[float] 90'; Seconds = 90 }
        @{ Given = [byte] 90; Text = '[byte] 90'; Seconds = 90 }
        @{ Given = [bigint] 90; Text = '[bigint] 90'; Seconds = 90 }
        @{ Given = '1h30m'; Text = '1h30m'; Seconds = 5400 }
        @{ Given = '00:10:00'; Text = '00:10:00'; Seconds = 600 }
        @{ Given = [timespan]::FromDays(1); Text = '[timespan]'; Seconds = 86400 }
    ) {
        $job = New-ScheduledJob Greet -In $Given -Timeout $Given
        ($job.Due - $job.Created).TotalSeconds | Should -Be $Seconds
        $job.Timeout.TotalSeconds | Should -Be $Seconds
    }

    It 'Finding_15_Typed: takes bare words, also 1d, which PowerShell reads as a number' {
        (New-ScheduledJob Greet -Every 1d).Every | Should -Be ([timespan] '1.00:00:00')
        (New-ScheduledJob Greet -Every:2D).Every | Should -Be ([timespan] '2.00:00:00')
        (New-ScheduledJob Greet -Every 10s).Every | Should -Be ([timespan] '00:00:10')
        (New-ScheduledJob Greet -Every 500ms).Every | Should -Be ([timespan] '00:00:00.5')
        { New-ScheduledJob Greet -In soon } | Should -Throw '*soon*1h30m*'
        { New-ScheduledJob Greet -In 24:00:00 } | Should -Throw '*24:00:00*'
        Register-JobType Limited { } -RateLimit 100/h
        (Get-JobType Limited).RateLimit | Should -Be '100/01:00:00'
    }

    It 'Finding_58_ClockTime: takes a clock time for the next such time' {
        $soon = (Get-Date).AddHours(-2)
        $job = New-ScheduledJob Greet -At $soon.ToString('HH:mm')
        $job.Status | Should -Be Scheduled
        $job.Due | Should -BeGreaterThan (Get-Date)
        $job.Due.ToString('HH:mm') | Should -Be $soon.ToString('HH:mm')
        { New-ScheduledJob Greet -At 5 } | Should -Throw '*not a time*'
        { New-ScheduledJob Greet -At soon } | Should -Throw '*not a time*'
        (Get-JobStatus -Since $soon.ToString('HH:mm')).Id | Should -Be $job.Id
    }

    It 'Finding_57_Completion: completes <Word>' -ForEach @(
        @{ Line = 'New-ScheduledJob Greet -Cron '; Word = "'0 3 * * *'" }
        @{ Line = 'New-ScheduledJob Greet -In '; Word = '1h30m' }
        @{ Line = 'New-ScheduledJob Greet -Every 1'; Word = '1d' }
        @{ Line = 'New-ScheduledJob Greet -UniqueKey '; Word = 'the-key' }
        @{ Line = 'Connect-JobStore -Namespace j'; Word = 'jobs' }
    ) {
        New-ScheduledJob Greet -UniqueKey the-key | Out-Null
        $offered = (TabExpansion2 $Line $Line.Length).CompletionMatches
        $offered.CompletionText | Should -Contain $Word
        $offered.ResultType | Should -Not -Contain ProviderItem
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
