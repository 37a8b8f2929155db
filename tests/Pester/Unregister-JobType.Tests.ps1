Describe 'Unregister-JobType' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        'One', 'Two', 'Three' | ForEach-Object { Register-JobType $_ { } }
    }
    AfterAll { Remove-TestStore $store }

    It 'forgets types, by name and from the pipeline' {
        Unregister-JobType One
        Get-JobType Two | Unregister-JobType
        (Get-JobType | Where-Object IsRegistered).Name | Should -Be Three
    }

    It 'Finding_14_Wildcards: forgets all that a wildcard matches, in any case' {
        Unregister-JobType t*, nothing*
        (Get-JobType).Name | Should -Be One
    }

    It 'keeps their jobs in the store' {
        $job = New-ScheduledJob One
        Unregister-JobType One
        (Get-JobStatus $job.Id).Status | Should -Be Queued
        Invoke-DueJob | Should -BeNullOrEmpty
    }

    It 'Finding_24_Claimed_jobs_go_back: a running pool gives back what it has claimed of the type, and serves the name again' {
        Register-JobType Slow { Start-Sleep -Milliseconds 300 }
        $jobs = 1..30 | ForEach-Object { New-ScheduledJob Slow }
        $pool = Start-JobPool -Workers 1
        Wait-Until { $pool.Busy -eq 1 }
        Unregister-JobType Slow
        Wait-Until { $pool.Types -notcontains 'Slow' -and $pool.Busy -eq 0 }
        $jobs | ForEach-Object { $_.Refresh() }
        $jobs.Status | Should -Not -Contain Failed
        $jobs.Where({ $_.Status -eq 'Queued' }).Attempts | Sort-Object -Unique | Should -Be 0
        Register-JobType slow { 'quick' }
        ($jobs | Wait-ScheduledJob -Timeout 30).Status | Sort-Object -Unique | Should -Be Finished
        $jobs[-1] | Receive-ScheduledJob | Should -Be quick
    }

    It 'makes the name free' {
        Unregister-JobType One
        Register-JobType One { 'again' }
        New-ScheduledJob One | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be again
    }

    It 'forgets nothing with -WhatIf' {
        Unregister-JobType One -WhatIf
        (Get-JobType One).IsRegistered | Should -BeTrue
    }

    It 'goes on after a name it does not know' {
        Unregister-JobType Nowhere, One -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobTypeNotFound,*'
        Get-JobType One* | Should -BeNullOrEmpty
    }
}
