# Why a job does not run, as its property WaitsFor says.
Describe 'WaitsFor' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    It 'is empty for a job that runs or has ended' {
        Register-JobType Quick { }
        $job = New-ScheduledJob Quick
        Start-JobPool -UntilEmpty
        (Get-JobStatus $job.Id).WaitsFor | Should -BeNullOrEmpty
    }

    It 'says that no pool is running, or none that runs the type or serves the queue' {
        $other, $slow = (New-ScheduledJob Other), (New-ScheduledJob Work -Queue slow)
        (Get-JobStatus $other.Id).WaitsFor | Should -BeExactly 'a pool: none is running'
        Register-JobType Work { }
        $null = Start-JobPool
        (Get-JobStatus $other.Id).WaitsFor | Should -BeExactly "a pool that runs type 'Other'"
        (Get-JobStatus $slow.Id).WaitsFor | Should -BeExactly "a pool that serves queue 'slow'"
    }

    It 'says when its time is, and which retry it waits for' {
        (New-ScheduledJob Work -In 240).WaitsFor | Should -Match '^its time, in 4 min$'
        Register-JobType Work { throw 'no' }
        $job = New-ScheduledJob Work -Retries 5 -RetryDelay 3600
        $null = Start-JobPool
        Wait-Until { (Get-JobStatus $job.Id).Status -eq 'Scheduled' }
        (Get-JobStatus $job.Id).WaitsFor | Should -Match '^retry 1 of 5, in (1 h|\d+ min)$'
    }

    It 'says that it is held, and whom it waits for' {
        $held = New-ScheduledJob Work -Hold
        $held.IsHeld | Should -BeTrue
        $held.WaitsFor | Should -BeExactly 'release: it is held'
        $parents = 1..5 | New-ScheduledJob Import
        $child = New-ScheduledJob Work -After $parents
        $child.IsHeld | Should -BeFalse
        $child.WaitsFor | Should -BeExactly "$($parents[0].Id) (Import); $($parents[1].Id) (Import); $($parents[2].Id) (Import); 2 more"
        $parents[1..4] | Stop-ScheduledJob
        (Get-JobStatus $child.Id).Status | Should -Be Cancelled
    }

    It 'says that the type is suspended, or has as many running as it may' {
        Register-JobType Encode -MaxConcurrency 1 { Start-Sleep 60 }
        Register-JobType Idle { }
        $null = Start-JobPool -Workers 2
        $running = New-ScheduledJob Encode
        Wait-Until { (Get-JobStatus $running.Id).Status -eq 'Executing' }
        $waiting = New-ScheduledJob Encode
        (Get-JobStatus $waiting.Id).WaitsFor | Should -BeExactly 'type Encode has its 1 running'
        Suspend-JobType Idle
        (New-ScheduledJob Idle).WaitsFor | Should -BeExactly 'type Idle, which is suspended'
        Get-JobStatus -Status Executing | Stop-ScheduledJob
    }

    It 'says that workers are busy' {
        Register-JobType Encode { Start-Sleep 60 }
        $null = Start-JobPool -Name single -Workers 1
        $running = New-ScheduledJob Encode
        Wait-Until { (Get-JobPool).Busy -eq 1 }
        (New-ScheduledJob Encode).WaitsFor | Should -BeExactly 'a worker: pool single is busy'
        Get-JobStatus -Status Queued, Executing | Stop-ScheduledJob
    }
}
