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
}
