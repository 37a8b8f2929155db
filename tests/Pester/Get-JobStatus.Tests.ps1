Describe 'Get-JobStatus' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
        Reset-TestStore $store
        Register-JobType Good { 'fine' }
        Register-JobType Bad { throw 'It broke.' }
        Register-JobType Other -Queue mail { }
        $good = 1..3 | New-ScheduledJob Good
        $bad = New-ScheduledJob Bad
        # One after the other: ended jobs are listed in the order of their ends.
        $null = Start-JobPool -UntilEmpty -Workers 1
        $other = New-ScheduledJob Other
        $later = New-ScheduledJob Good -In 01:00:00
        $all = @($good) + $bad + $other + $later
    }
    AfterAll { Remove-TestStore $store }

    It 'emits all jobs, the newest first' {
        (Get-JobStatus).Id | Should -Be $all[5..0].Id
        (Get-JobStatus -Oldest).Id | Should -Be $all.Id
    }

    It 'takes ids and jobs, as arguments and from the pipeline, in the order given' {
        (Get-JobStatus $bad.Id, $later.Id).Id | Should -Be $bad.Id, $later.Id
        (Get-JobStatus $bad).Id | Should -Be $bad.Id
        ($all | Get-JobStatus).Id | Should -Be $all.Id
        ($all.Id | Get-JobStatus).Id | Should -Be $all.Id
    }

    It 'tells what has become of a finished job' {
        $job = Get-JobStatus $good[0]
        $job.Status | Should -Be Finished
        $job.Started | Should -BeOfType datetime
        $job.Finished | Should -BeGreaterOrEqual $job.Started
        $job.Duration | Should -BeOfType timespan
        $job.Duration | Should -Be ($job.Finished - $job.Started)
        $job.Attempts | Should -Be 1
        $job.Error | Should -BeNullOrEmpty
        $job.HostName | Should -Be ([Environment]::MachineName)
        $job.PoolId | Should -Match '^\w{26}$'
    }

    It 'tells why a job failed, and where' {
        $job = Get-JobStatus $bad
        $job.Status | Should -Be Failed
        $job.Finished | Should -BeOfType datetime
        $job.Error.Message | Should -Be 'It broke.'
        $job.Error.Type | Should -Be 'System.Management.Automation.RuntimeException'
        $job.Error.Category | Should -Be OperationStopped
        $job.Error.Position | Should -BeLike '*Get-JobStatus.Tests.ps1:*'
        $job.Error.StackTrace | Should -BeLike '*Get-JobStatus.Tests.ps1*'
    }

    It 'finds jobs by <Name>' -ForEach @(
        @{ Name = 'status'; Given = @{ Status = 'Finished' }; Expected = 2, 1, 0 }
        @{ Name = 'statuses, in their order'; Given = @{ Status = 'Scheduled', 'Failed' }; Expected = 5, 3 }
        @{ Name = 'type'; Given = @{ Type = 'Bad' }; Expected = @(3) }
        @{ Name = 'wildcards of types'; Given = @{ Type = 'b*', 'OTHER' }; Expected = 4, 3 }
        @{ Name = 'queue'; Given = @{ Queue = 'mail' }; Expected = @(4) }
        @{ Name = 'type and status'; Given = @{ Type = 'Good'; Status = 'Scheduled' }; Expected = @(5) }
        @{ Name = 'time since'; Given = @{ Since = (Get-Date).AddDays(-1) }; Expected = 5..0 }
    ) {
        (Get-JobStatus @Given).Id | Should -Be @($Expected | ForEach-Object { $all[$_].Id })
    }

    It 'finds jobs since and until one was created' {
        (Get-JobStatus -Since $later.Created).Id | Should -Contain $later.Id
        Get-JobStatus -Until (Get-Date).AddDays(-1) | Should -BeNullOrEmpty
        (Get-JobStatus -Until $all[0].Created).Id | Should -Contain $all[0].Id
    }

    It 'pages' {
        (Get-JobStatus -First 2).Id | Should -Be $all[5, 4].Id
        (Get-JobStatus -Skip 4).Id | Should -Be $all[1, 0].Id
        (Get-JobStatus -First 2 -Skip 1 -Oldest).Id | Should -Be $all[1, 2].Id
        Get-JobStatus -First 0 | Should -BeNullOrEmpty
    }

    It 'tells the total count before the page' {
        $output = Get-JobStatus -First 1 -IncludeTotalCount -Status Finished
        $output | Should -HaveCount 2
        $output[0] | Should -Be 3
        $output[1].Id | Should -Be $all[2].Id
    }

    It 'counts with -Summary, in total and by type' {
        $summary = Get-JobStatus -Summary
        $summary.Type | Should -Be '*', 'Bad', 'Good', 'Other'
        $summary[0].Finished | Should -Be 3
        $summary[0].Failed | Should -Be 1
        $summary[0].Total | Should -Be 6
        $summary[0].FinishedPerMinute | Should -BeGreaterThan 0
        $summary[2].Scheduled | Should -Be 1
        $summary[2].AverageDuration | Should -BeOfType timespan
        $summary[3].Queued | Should -Be 1
        (Get-JobStatus -Summary -Type B*).Type | Should -Be Bad
    }

    It 'Finding_10_reads_data_when_asked: each job has its own, in a listing, as JSON and in a table' {
        $jobs = 1..450 | ForEach-Object { [ordered]@{ Number = $_; Text = 'x' * 10000 } } | New-ScheduledJob Other -Queue data
        try {
            $listed = Get-JobStatus -Queue data -Oldest
            $listed[7].Data.Number | Should -Be 8
            $listed.Data.Number | Should -Be (1..450)
            $listed[7].Data.Number | Should -Be 8
            (Get-JobStatus -Queue data -First 1 | ConvertTo-Json -Depth 3 | ConvertFrom-Json).Data.Number | Should -Be 450
            (Get-JobStatus -Queue data -First 1 | Out-String -Width 200) | Should -BeLike '*"Number":450,"Text":*'
        }
        finally {
            $jobs | Remove-ScheduledJob
        }
    }

    It 'reads a job again with Refresh' {
        $job = New-ScheduledJob Other -Queue refresh
        Stop-ScheduledJob $job
        $job.Status | Should -Be Queued
        $job.Refresh()
        $job.Status | Should -Be Cancelled
        Remove-ScheduledJob $job
        { $job.Refresh() } | Should -Throw "*$($job.Id)*"
    }

    It 'goes on after an id it does not know' {
        $found = Get-JobStatus nowhere, $bad.Id -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Id | Should -Be $bad.Id
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobNotFound,*'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problems[0].TargetObject | Should -Be nowhere
    }

    It 'keeps the last runs of a recurring job' {
        Register-JobType Often { }
        $job = New-ScheduledJob Often -Every 0.05
        $null = Start-JobPool -Type Often -MaxJobs 3
        $runs = Get-JobStatus $job -Runs
        $runs | Should -HaveCount 3
        $runs.Status | Should -Be Finished, Finished, Finished
        $runs[0].Started | Should -BeGreaterThan $runs[2].Started
        Remove-ScheduledJob $job
    }

    It 'prints a table that fits 120 columns' {
        $lines = (Get-JobStatus | Out-String -Width 120) -split '\r?\n'
        $lines -match '^Id +Type +Status' | Should -HaveCount 1
        $lines -match "^$($bad.Id) Bad +Failed .* It broke\." | Should -HaveCount 1
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 120
        $lines = (Get-JobStatus -Summary | Out-String -Width 120) -split '\r?\n'
        $lines -match '^\* .* 3 +1 ' | Should -HaveCount 1
    }

    It 'completes ids and statuses' {
        (TabExpansion2 'Get-JobStatus ' 14).CompletionMatches.CompletionText | Should -Contain $bad.Id
        (TabExpansion2 'Get-JobStatus -Status Fa' 24).CompletionMatches.CompletionText | Should -Be Failed
    }
}
