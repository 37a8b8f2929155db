Describe 'Clear-JobHistory' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Good { }
        Register-JobType Bad { throw 'no' }
        $good = New-ScheduledJob Good
        $bad = New-ScheduledJob Bad
        Invoke-DueJob | Out-Null
        $cancelled = New-ScheduledJob Good
        Stop-ScheduledJob $cancelled
        $queued = New-ScheduledJob Good
    }
    AfterAll { Remove-TestStore $store }

    It 'removes all jobs that have ended, and no other' {
        Clear-JobHistory | Should -BeNullOrEmpty
        (Get-JobStatus).Id | Should -Be $queued.Id
    }

    It 'removes those of a status, a type or a time' {
        Clear-JobHistory -Before (Get-Date).AddHours(-1)
        Get-JobStatus | Should -HaveCount 4
        Clear-JobHistory -Status Failed, Cancelled -Type G*
        (Get-JobStatus -Oldest).Id | Should -Be $good.Id, $bad.Id, $queued.Id
        Clear-JobHistory Failed
        (Get-JobStatus -Oldest).Id | Should -Be $good.Id, $queued.Id
        Clear-JobHistory -Before (Get-Date).AddHours(1)
        (Get-JobStatus).Id | Should -Be $queued.Id
    }

    It 'refuses a status that is not an end' {
        { Clear-JobHistory -Status Queued } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'removes nothing with -WhatIf' {
        Clear-JobHistory -WhatIf
        Get-JobStatus | Should -HaveCount 4
    }
}
