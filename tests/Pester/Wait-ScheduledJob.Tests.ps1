Describe 'Wait-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Quick { param($Name) $Name }
        Register-JobType Long { Start-Sleep -Seconds 60 }
    }
    AfterAll { Remove-TestStore $store }

    It 'emits the ended jobs, in the order given' {
        $null = Start-JobPool -Workers 2
        $jobs = 1..5 | New-ScheduledJob Quick -In 0.2
        $ended = $jobs[4..0] | Wait-ScheduledJob
        $ended.Id | Should -Be $jobs[4..0].Id
        $ended.Status | Should -Be (@('Finished') * 5)
    }

    It 'takes ids' {
        $null = Start-JobPool -Workers 1
        $job = New-ScheduledJob Quick
        (Wait-ScheduledJob $job.Id).Status | Should -Be Finished
        (Wait-ScheduledJob -Id $job).Status | Should -Be Finished
    }

    It 'waits for jobs that fail, too, without an error' {
        Register-JobType Bad { throw 'no' }
        $null = Start-JobPool -Workers 1
        (New-ScheduledJob Bad | Wait-ScheduledJob -ErrorAction Stop).Status | Should -Be Failed
    }

    It 'ends with -Any at the first' {
        $null = Start-JobPool -Workers 2
        $long = New-ScheduledJob Long
        $quick = New-ScheduledJob Quick
        ($long, $quick | Wait-ScheduledJob -Any).Id | Should -Be $quick.Id
        Get-JobPool -Local | Stop-JobPool -Force
    }

    It 'is an error at -Timeout, and emits the job as it stands' {
        $job = New-ScheduledJob Quick
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $left = $job | Wait-ScheduledJob -Timeout 0.3 -ErrorAction SilentlyContinue -ErrorVariable problems
        $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.25
        $left.Status | Should -Be Queued
        $problems.FullyQualifiedErrorId | Should -BeLike 'WaitTimedOut,*'
        $problems[0].CategoryInfo.Category | Should -Be OperationTimeout
    }

    It 'ends when a job is cancelled' {
        $job = New-ScheduledJob Quick
        Stop-ScheduledJob $job
        ($job | Wait-ScheduledJob).Status | Should -Be Cancelled
    }

    It 'goes on after an id it does not know' {
        $job = New-ScheduledJob Quick
        Invoke-DueJob | Out-Null
        $ended = 'nowhere', $job.Id | Wait-ScheduledJob -ErrorAction SilentlyContinue -ErrorVariable problems
        $ended.Id | Should -Be $job.Id
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobNotFound,*'
    }

    It 'makes with -ErrorOnFailure an error of each job that did not finish, and emits all' {
        Register-JobType Bad { throw "no $_" }
        $jobs = @(New-ScheduledJob Quick a; New-ScheduledJob Bad 1; New-ScheduledJob Quick -In 60; New-ScheduledJob Bad 2)
        $jobs[2] | Stop-ScheduledJob
        $null = Start-JobPool -Workers 1
        $ended = $jobs | Wait-ScheduledJob -ErrorOnFailure -ErrorAction SilentlyContinue -ErrorVariable problems
        $ended.Id | Should -Be $jobs.Id
        ($problems.FullyQualifiedErrorId -replace ',.*') | Should -Be JobFailed, JobCancelled, JobFailed
        $problems[0].Exception.Message | Should -BeLike "Job $($jobs[1].Id) of type Bad failed: no 1"
        $problems[1].TargetObject.Id | Should -Be $jobs[2].Id
        { $jobs[1] | Wait-ScheduledJob -ErrorOnFailure -ErrorAction Stop } | Should -Throw -ErrorId 'JobFailed,*'
        $jobs[0] | Wait-ScheduledJob -ErrorOnFailure -ErrorAction Stop | ForEach-Object Status | Should -Be Finished
    }

    It 'makes with -ErrorOnFailure an error of a repeated job''s run that failed' {
        Register-JobType Bad { throw 'no' }
        $job = New-ScheduledJob Bad -Every 1h
        $null = Start-JobPool -Workers 1
        $job | Wait-ScheduledJob -ErrorOnFailure -ErrorAction SilentlyContinue -ErrorVariable problems | ForEach-Object Status | Should -Be Scheduled
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobFailed,*'
    }
}
