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
        Clear-JobHistory -Force | Should -BeNullOrEmpty
        (Get-JobStatus).Id | Should -Be $queued.Id
    }

    It 'Finding_52_asks_first: removes nothing alone where nobody can answer, all with -Confirm:$false' {
        # A host without a user.
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
            param($module, $store)
            Import-Module $module
            Connect-JobStore @store
            Clear-JobHistory
        }).AddArgument((Join-Path $PSScriptRoot '../../Jobs.psd1')).AddArgument($store)
        try {
            try { $null = $shell.Invoke() } catch { $refusal = $_ }
            ($shell.HadErrors -or $refusal) | Should -BeTrue
        }
        finally {
            $shell.Dispose()
        }
        Get-JobStatus | Should -HaveCount 4
        Clear-JobHistory -Status Failed
        Get-JobStatus | Should -HaveCount 3
        Clear-JobHistory -Confirm:$false
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
