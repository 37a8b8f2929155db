Describe 'Suspend-JobType' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Mail { }
        Register-JobType Report { }
    }
    AfterAll { Remove-TestStore $store }

    It 'keeps pools from starting jobs of the type' {
        $mail, $report = 'Mail', 'Report' | ForEach-Object { New-ScheduledJob $_ }
        Suspend-JobType Mail
        (Invoke-DueJob).Id | Should -Be $report.Id
        (Get-JobStatus $mail.Id).Status | Should -Be Queued
        (Get-JobType Mail).IsPaused | Should -BeTrue
    }

    It 'takes types from the pipeline' {
        Get-JobType | Suspend-JobType
        (Get-JobType).IsPaused | Should -Be $true, $true
    }

    It 'Finding_14_Wildcards: suspends and resumes all types that a wildcard matches, in any case' {
        New-ScheduledJob Elsewhere | Out-Null
        Suspend-JobType m*, ELSE*
        (Get-JobType | Where-Object IsPaused).Name | Should -Be Elsewhere, Mail
        Resume-JobType *
        (Get-JobType).IsPaused | Should -Not -Contain $true
        Suspend-JobType nothing*
        (Get-JobType).IsPaused | Should -Not -Contain $true
    }

    It 'suspends nothing with -WhatIf' {
        Suspend-JobType Mail -WhatIf
        (Get-JobType Mail).IsPaused | Should -BeFalse
    }

    It 'goes on after a type it does not know' {
        Suspend-JobType Nowhere, Mail -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobTypeNotFound,*'
        (Get-JobType Mail).IsPaused | Should -BeTrue
    }
}
