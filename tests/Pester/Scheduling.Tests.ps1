# Scheduling as a user sees it, across cmdlets. What each cmdlet does by itself is in its own file.

Describe 'Scheduling' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Echo { param($Value) $Value }
    }
    AfterAll { Remove-TestStore $store }

    Context 'Unique keys' {
        It 'names the existing job in a verbose message, and on the job' {
            $first = New-ScheduledJob Echo 1 -UniqueKey k
            $said = $($second = New-ScheduledJob Echo 2 -UniqueKey k -Verbose) 4>&1
            $second.Id | Should -Be $first.Id
            $second.Data | Should -Be 1
            $first.IsExisting | Should -BeFalse
            $second.IsExisting | Should -BeTrue
            "$said" | Should -BeLike "*$($first.Id)*"
            "$said" | Should -BeLike '*no other was scheduled*'
        }

        It 'says nothing of it when the job is new' {
            $said = $($null = New-ScheduledJob Echo 1 -UniqueKey k -Verbose) 4>&1
            "$said" | Should -Not -BeLike '*unique key*'
        }

        It 'makes one job of many objects with one key' {
            $jobs = 1..5 | New-ScheduledJob Echo -UniqueKey k
            $jobs | Should -HaveCount 5
            $jobs.Id | Sort-Object -Unique | Should -HaveCount 1
            $jobs.IsExisting | Should -Be $false, $true, $true, $true, $true
        }

        It 'makes it an error for each object that has one, and schedules the others' {
            $jobs = 1..3 | New-ScheduledJob Echo -UniqueKey k -ErrorIfExists -ErrorAction SilentlyContinue -ErrorVariable refused
            $jobs | Should -HaveCount 1
            $refused | Should -HaveCount 2
            $refused[0].FullyQualifiedErrorId | Should -BeLike 'JobExists,*'
            $refused[0].TargetObject | Should -Be $jobs.Id
            Get-JobStatus | Should -HaveCount 1
        }

        It 'leaves one recurring job with the latest definition, however often a script is run' {
            $first = New-ScheduledJob Echo 1 -UniqueKey nightly -Cron '0 3 * * *' -TimeZone Europe/Berlin -Force
            foreach ($i in 1..3) { New-ScheduledJob Echo 1 -UniqueKey nightly -Cron '0 3 * * *' -TimeZone Europe/Berlin -Force | Out-Null }
            $job = Get-JobStatus
            $job | Should -HaveCount 1
            $job.Due | Should -Be $first.Due
            $said = $($job = New-ScheduledJob Echo 2 -UniqueKey nightly -Cron '0 4 * * *' -TimeZone Europe/Berlin -Priority 7 -Queue slow -Retries 2 -Timeout 60 -Force -Verbose) 4>&1
            "$said" | Should -BeLike "*$($first.Id)*it was updated*"
            $job.Id | Should -Be $first.Id
            $job.Data, $job.Cron, $job.Priority, $job.Queue, $job.RetriesLeft, $job.Timeout.TotalSeconds | Should -Be 2, '0 4 * * *', 7, slow, 2, 60
            Get-JobStatus | Should -HaveCount 1
        }

        It 'refuses <Name>' -ForEach @(
            @{ Name = '-Force without a key'; Given = @{ Force = $true } }
            @{ Name = '-ErrorIfExists without a key'; Given = @{ ErrorIfExists = $true } }
            @{ Name = '-Force with -ErrorIfExists'; Given = @{ Force = $true; ErrorIfExists = $true; UniqueKey = 'k' } }
            @{ Name = '-Force with -After'; Given = @{ Force = $true; UniqueKey = 'k'; After = '01J00000000000000000000000' } }
        ) {
            { New-ScheduledJob Echo 1 @Given } | Should -Throw -ErrorId 'InvalidSchedule,*'
            Get-JobStatus | Should -BeNullOrEmpty
        }
    }

    Context 'Dependencies' {
        It 'gives the handler what its parents put out' {
            Register-JobType Sum { ($JobContext.Parents.Output | Measure-Object -Sum).Sum; $JobContext.Parents.Type; $JobContext.Parents.Status }
            $parents = 1..3 | New-ScheduledJob Echo
            $sum = New-ScheduledJob Sum -After $parents
            Invoke-DueJob | Out-Null
            Receive-ScheduledJob $sum | Should -Be 6, Echo, Echo, Echo, Finished, Finished, Finished
        }

        It 'gives a handler without parents none' {
            Register-JobType Count { $JobContext.Parents.Count }
            $job = New-ScheduledJob Count
            Invoke-DueJob | Out-Null
            Receive-ScheduledJob $job | Should -Be 0
        }

        It 'gives objects as their handler put them out' {
            Register-JobType Make { [pscustomobject]@{ Name = 'Ann'; Tags = 'a', 'b' } }
            Register-JobType Use { $made = $JobContext.Parents[0].Output[0]; "$($made.Name) $($made.Tags -join '+')" }
            $job = New-ScheduledJob Use -After (New-ScheduledJob Make)
            Invoke-DueJob | Out-Null
            Receive-ScheduledJob $job | Should -Be 'Ann a+b'
        }

        It 'cancels what waits for a job that failed, and names it' {
            Register-JobType Bad { throw 'no' }
            $bad = New-ScheduledJob Bad
            $next = New-ScheduledJob Echo 1 -After $bad
            $anyway = New-ScheduledJob Echo 2 -After $bad -AfterAny
            Invoke-DueJob | Out-Null
            $next.Refresh()
            $next.Status | Should -Be Cancelled
            $next.Error.Message | Should -BeLike "*$($bad.Id)*failed*"
            (Get-JobStatus $anyway).Status | Should -Be Finished
        }
    }

    Context 'Many at once' {
        It 'emits many jobs in order while they are made' {
            $jobs = 1..2500 | New-ScheduledJob Echo
            $jobs.Data -join ',' | Should -Be ((1..2500) -join ',')
            $jobs.Id -join ',' | Should -Be (($jobs.Id | Sort-Object) -join ',')
            (Get-JobStatus -Summary | Where-Object Type -EQ Echo).Queued | Should -Be 2500
        }

        It 'schedules nothing with -WhatIf' {
            1..3 | New-ScheduledJob Echo -WhatIf | Should -BeNullOrEmpty
            Get-JobStatus | Should -BeNullOrEmpty
        }

        It 'schedules whole objects only when the pipeline is stopped' {
            $taken = 1..5000 | New-ScheduledJob Echo | Select-Object -First 10
            $taken | Should -HaveCount 10
            $jobs = Get-JobStatus -Oldest
            $jobs.Data -join ',' | Should -Be ((1..$jobs.Count) -join ',')
            $jobs.Status | Sort-Object -Unique | Should -Be Queued
        }

        It 'passes over an object that is no data, and schedules the others' {
            $jobs = 1, { 'a script block' }, 3 | New-ScheduledJob Echo -ErrorAction SilentlyContinue -ErrorVariable refused
            $jobs.Data | Should -Be 1, 3
            $refused | Should -HaveCount 1
        }

        It 'runs failed jobs of one type again' {
            Register-JobType Flaky { param($File) if (-not (Test-Path $File)) { throw 'not yet' } }
            $file = Join-Path $TestDrive 'ready'
            1..3 | ForEach-Object { New-ScheduledJob Flaky $file } | Out-Null
            Invoke-DueJob | Out-Null
            New-Item $file | Out-Null
            Get-JobStatus -Status Failed -Type Flaky | Restart-ScheduledJob
            Invoke-DueJob | Out-Null
            Get-JobStatus -Type Flaky | ForEach-Object Status | Should -Be Finished, Finished, Finished
        }
    }

    Context 'Recurrence' {
        It 'keeps its rhythm, and the runs' {
            $job = New-ScheduledJob Echo 1 -Every 01:00:00
            Invoke-DueJob | Out-Null
            $next = Get-JobStatus $job
            $next.Status | Should -Be Scheduled
            ($next.Due - $job.Due).TotalHours | Should -Be 1
            $runs = @(Get-JobStatus $job -Runs)
            $runs | Should -HaveCount 1
            $runs[0].Status | Should -Be Finished
        }

        It 'takes a Windows time zone' {
            $job = New-ScheduledJob Echo -Cron '0 3 * * *' -TimeZone 'W. Europe Standard Time'
            $job.Due | Should -Be (New-ScheduledJob Echo -Cron '0 3 * * *' -TimeZone Europe/Berlin).Due
        }

        It 'refuses a time zone that does not exist' {
            { New-ScheduledJob Echo -Cron '0 3 * * *' -TimeZone Mars/Olympus } | Should -Throw -ErrorId 'TimeZoneNotFound,*'
        }
    }
}

Describe 'examples/worker.ps1' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $server = New-TestStore
        $worker = Join-Path $PSScriptRoot '../../examples/worker.ps1'

        # Runs the worker against the server, and emits its exit code.
        function Invoke-Worker([string] $Store, [string] $Namespace) {
            & ([Environment]::ProcessPath) -NoProfile -File $worker -UntilEmpty -Store $Store -Namespace $Namespace -Workers 2 | Out-Null
            $LASTEXITCODE
        }
    }
    AfterAll { Remove-TestStore $server }

    It 'exits with 0 when all went well, and with 1 when a job has failed' {
        # A store without a password, as JOBS_STORE would name it.
        $port = Get-Random -Minimum 20000 -Maximum 30000
        $redis = if (-not $env:JOBS_TEST_REDIS) {
            $program = (Get-Command redis-server, valkey-server -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source
            Start-Process $program -ArgumentList '--port', $port, '--bind', '127.0.0.1', '--save', '""' -RedirectStandardOutput "$TestDrive/redis.txt" -PassThru
        }
        $configuration = if ($env:JOBS_TEST_REDIS) { $env:JOBS_TEST_REDIS } else { "127.0.0.1:$port" }
        try {
            $namespace = "test-$([guid]::NewGuid())"
            Wait-Until { try { Connect-JobStore $configuration -Namespace $namespace; $true } catch { $false } }
            Invoke-Worker $configuration $namespace | Should -Be 0
            (Get-JobStatus -Type Ping).Status | Should -Be Scheduled
            $bad = New-ScheduledJob Cleanup -Parameters @{ Path = (Join-Path $TestDrive 'nowhere') } -Retries 0
            $good = New-ScheduledJob Ping hello
            Invoke-Worker $configuration $namespace | Should -Be 1
            (Get-JobStatus $bad).Status | Should -Be Failed
            Receive-ScheduledJob $good | Should -Be hello
            Invoke-Worker $configuration $namespace | Should -Be 0
            Get-JobStatus -Type Ping -Status Scheduled | Should -HaveCount 1
            # The log, with times; a failure with its reason.
            $bad = New-ScheduledJob Cleanup -Parameters @{ Path = (Join-Path $TestDrive 'nowhere') } -Retries 0
            $log = Join-Path $TestDrive worker.log
            & ([Environment]::ProcessPath) -NoProfile -File $worker -UntilEmpty -Store $configuration -Namespace $namespace -Log $log
            $LASTEXITCODE | Should -Be 1
            $lines = @(Get-Content $log)
            $lines[0] | Should -Match "^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Failed Cleanup $($bad.Id) \d+[.,]\d s: .*nowhere"
            $lines[1] | Should -Match ' 1 jobs, 1 of them failed\.$'
        }
        finally {
            Disconnect-JobStore
            if ($redis) { $redis.Kill() }
        }
    }
}
