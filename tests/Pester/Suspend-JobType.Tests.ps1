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

    It 'suspends nothing with -WhatIf' {
        Suspend-JobType Mail -WhatIf
        (Get-JobType Mail).IsPaused | Should -BeFalse
    }

    It 'refuses what is not a name' {
        { Suspend-JobType 'a b' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidName*'
    }
}
